import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AvouchError } from '@avouch/core/errors'
import type { Terminal } from '@avouch/core/verb'
import { remotePlaintext } from '../remote/plaintext.ts'
import { type RemoteLease, remoteServer } from '../remote/server.ts'
import { fetchToFile } from '../remote/to-file.ts'
import { progressBytes, readSmallFile } from './given.ts'
import { bytesInWords } from './wording.ts'

export type RemoteOpening = {
  server: string
  lease: string
  /** The object's id, or NAME@VERSION, that the lease has to be for; and the file's name, where that is given. */
  which: string
  name: string | undefined
  /** Bytes FROM-TO of the object; default: all that the lease is for. */
  bytes: [number, number] | undefined
  digest: string | undefined
  keyFile: string | undefined
  attestation: string | undefined
  path: string | undefined
}

/** `avouch weights open --server`: reads from another machine, which has the keys and the log, to a file or a pipe. */
export async function openRemote(given: RemoteOpening, terminal: Terminal, signal: AbortSignal): Promise<0> {
  const server = remoteServer(given.server, await keyOf(given.keyFile), given.attestation)
  const lease = await server.lease(given.lease, signal)
  checkLease(lease, given)
  const [start, end] = given.bytes ?? lease.bytes
  const isWhole = start === 0 && end === lease.size - 1
  // a digest from elsewhere counts before the server's own
  const digest = given.digest ?? lease.objectDigest
  if (digest !== lease.objectDigest)
    throw new AvouchError('proof', 'the lease is for another object than the digest names', {
      where: '--digest',
      fix: `It is for sha256:${lease.objectDigest}.`,
    })
  const read = { lease, start, end, signal }
  if (given.path === undefined) {
    await toPipe(Readable.from(remotePlaintext(server, read), { objectMode: false }), signal)
    return 0
  }
  const total = end + 1 - start
  const progress = progressBytes(terminal, 'Opening')
  const fetched = await fetchToFile(server, read, given.path, {
    ...(isWhole && { digest }),
    onProgress: (done) => progress(done, total),
  })
  const verified = isWhole ? (given.digest === undefined ? 'server' : 'given') : 'none'
  terminal.say(`${bytesInWords(fetched.bytes)} of ${lease.name} opened to ${given.path}, mode 0600.`)
  if (fetched.kept > 0)
    terminal.say(`${bytesInWords(fetched.kept)} of it had been brought by a run before this one.`)
  terminal.say(SAID[verified])
  const { object, model, name } = lease
  terminal.result({
    ...{ object, model, name, bytes: [start, end], lease: lease.id, kept: fetched.kept },
    ...{ digest: lease.objectDigest, sha256: fetched.sha256, verified },
  })
  return 0
}

const SAID = {
  given: 'Its SHA-256 is the one that was given.',
  server: 'Its SHA-256 is the one that the server says was sealed; --digest holds it to one from elsewhere.',
  none: 'It is a part: its digest can be held against nothing.',
}

function checkLease(lease: RemoteLease, { which, name, bytes }: RemoteOpening): void {
  const where = `lease ${lease.id}`
  if (lease.state !== 'live')
    throw new AvouchError('forbidden', `this lease has ended: ${lease.state}`, {
      where,
      fix: 'Ask for another, if it is still needed.',
    })
  if (
    (lease.object !== which && lease.model !== which) ||
    (name !== undefined && name !== lease.name && name !== lease.object)
  )
    throw new AvouchError('forbidden', `this lease is for ${lease.name} of ${lease.model}`, { where })
  const [from, to] = bytes ?? lease.bytes
  const [first, last] = lease.bytes
  if (bytes !== undefined && (from < first || to > last || from > to))
    throw new AvouchError('forbidden', `this lease is for bytes ${first}-${last}`, {
      where,
      fix: 'Read only those, or ask for another lease.',
    })
}

async function keyOf(path: string | undefined): Promise<string> {
  const key =
    path === undefined
      ? process.env.AVOUCH_API_KEY
      : (await readSmallFile(path, '--key-file', 200)).toString('utf8')
  if (key !== undefined && key.trim() !== '') return key.trim()
  throw new AvouchError('usage', 'a server asks for an API key', {
    where: '--key-file',
    fix: 'Name a file that holds one, or set AVOUCH_API_KEY; `avouch people key ID --scope weight-security:use` makes it.',
  })
}

/** A reader that has seen enough closes the pipe, which is no failure. */
export async function toPipe(source: Readable, signal: AbortSignal): Promise<void> {
  try {
    await pipeline(source, process.stdout, { signal, end: false })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
  }
}
