import { spawn } from 'node:child_process'
import { AvouchError } from '@avouch/core/errors'
import { guardedConnector } from '@avouch/core/model'
import { Agent, request } from 'undici'
import { z } from 'zod'
import { inContentProcessFor } from '../process/content-process.ts'
import { type Medium, wordsOf } from './medium.ts'
import type { System } from './system.ts'

const MOST = 64 * 2 ** 20
const ANSWER = 65_536
const WITHIN = 60_000

/** What a detector answers, as one JSON document. */
const finding = z.object({
  found: z.boolean(),
  id: z.string().max(200).optional(),
  bitErrors: z.number().nonnegative().optional(),
})

/**
 * Another's marker and detector, each a command (`/opt/example/mark --strength 2`; parted at spaces, no shell) or an http(s)
 * address. A file is given in the plain form of its medium (a picture as PNG, a sound as WAV), on stdin or as the body of a
 * POST. The marker gives the marked file back, the
 * detector `{"found": true, "id": "…", "bitErrors": 3}`, of which only `found` is asked for. Each has a minute.
 */
export function rivalSystem(
  { marker, detector }: { marker: string; detector: string },
  { medium, allowPrivate }: { medium: Medium; allowPrivate: boolean },
): System {
  const [mark, detect] = [
    caller(marker, '--marker', { medium, allowPrivate }),
    caller(detector, '--detector', { medium, allowPrivate }),
  ]
  return {
    name: 'rival',
    mark: async (plain, signal) => ({ bytes: await mark(plain, MOST, signal) }),
    async find(plain, change, signal) {
      const answer = await detect(
        await inContentProcessFor(wordsOf(change.medium).seconds, 'changed', plain, change),
        ANSWER,
        signal,
      )
      let value: unknown
      try {
        value = JSON.parse(Buffer.from(answer).toString('utf8'))
      } catch {
        throw new AvouchError('input', 'the detector answers no JSON', { where: '--detector' })
      }
      const read = finding.safeParse(value)
      if (read.success) return read.data
      throw new AvouchError('input', 'the detector does not answer {"found": true or false}', {
        where: '--detector',
      })
    },
  }
}

type Reach = { medium: Medium; allowPrivate: boolean }
type Call = (plain: Uint8Array, most: number, signal: AbortSignal) => Promise<Uint8Array>

function caller(given: string, where: string, reach: Reach): Call {
  if (/^https?:\/\//i.test(given)) {
    if (!URL.canParse(given)) throw new AvouchError('usage', 'this is no address', { where })
    return (plain, most, signal) => post(new URL(given), plain, most, signal, where, reach)
  }
  const [program, ...args] = given.split(/\s+/).filter((word) => word !== '')
  if (program === undefined) throw new AvouchError('usage', 'there is no command', { where })
  return (plain, most, signal) => run(program, args, plain, most, signal, where)
}

async function post(
  url: URL,
  plain: Uint8Array,
  most: number,
  signal: AbortSignal,
  where: string,
  { medium, allowPrivate }: Reach,
): Promise<Uint8Array> {
  const dispatcher = new Agent({
    connect: guardedConnector({ allowPrivate, connectTimeoutMs: 5_000 }),
    maxResponseSize: most,
    headersTimeout: WITHIN,
    bodyTimeout: WITHIN,
  })
  try {
    const { statusCode, body } = await request(url, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': wordsOf(medium).plain.mediaType },
      body: plain,
      signal: AbortSignal.any([signal, AbortSignal.timeout(WITHIN)]),
    })
    const answer = new Uint8Array(await body.arrayBuffer())
    if (statusCode === 200) return answer
    throw new AvouchError('network', `it answers ${statusCode}`, { where })
  } catch (error) {
    for (let one: unknown = error; one instanceof Error; one = one.cause)
      if (one instanceof AvouchError) throw one
    throw new AvouchError('network', 'it cannot be reached, or takes too long', { where, cause: error })
  } finally {
    await dispatcher.destroy()
  }
}

function run(
  program: string,
  args: string[],
  plain: Uint8Array,
  most: number,
  signal: AbortSignal,
  where: string,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      shell: false,
      stdio: ['pipe', 'pipe', 'ignore'],
      // nothing of ours: an installation's passphrases may stand in the environment
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(WITHIN)]),
      killSignal: 'SIGKILL',
    })
    const chunks: Buffer[] = []
    let size = 0
    const fail = (why: string, cause?: unknown): void =>
      reject(new AvouchError('input', `the command ${why}`, { where, cause }))
    child.once('error', (cause: NodeJS.ErrnoException) =>
      fail(cause.name === 'AbortError' ? 'takes too long' : `cannot be run: ${cause.code}`, cause),
    )
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= most) chunks.push(chunk)
      else {
        fail('answers too much')
        child.kill('SIGKILL')
      }
    })
    child.once('close', (status) =>
      status === 0 ? resolve(new Uint8Array(Buffer.concat(chunks))) : fail(`ends with status ${status}`),
    )
    // one that answers without reading closes the pipe; its status tells
    child.stdin.on('error', () => {})
    child.stdin.end(plain)
  })
}
