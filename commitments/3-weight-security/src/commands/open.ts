import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { LOCAL } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { StandaloneSubcommand, Terminal } from '@avouch/core/verb'
import { z } from 'zod'
import type { SegmentRange } from '../object/authorise.ts'
import type { WeightObject } from '../object/object.ts'
import { openObject } from '../object/open.ts'
import { openToFile } from '../object/open-file.ts'
import { bytesOf, readPlaintext, segmentsOf } from '../object/range.ts'
import { withoutLease } from '../object/without-lease.ts'
import { sealReads } from '../serve/seal-reads.ts'
import { underLease } from '../serve/under-lease.ts'
import { findNamed } from './find.ts'
import { progressBytes, readSmallFile } from './given.ts'
import { openRemote, toPipe } from './open-remote.ts'
import { within } from './within.ts'
import { bytesInWords } from './wording.ts'

const range = z.string().regex(/^\d{1,16}-\d{1,16}$/, 'a range is written FROM-TO, both included')

const openOptions = {
  name: z.string().max(1000).optional().describe('Which file of the release, where it has several'),
  out: z
    .string()
    .max(4096)
    .optional()
    .describe('The new file to write; without it, standard output, to be piped on'),
  segments: range.optional().describe('Only these segments, FROM-TO, counted from 0'),
  bytes: range
    .optional()
    .describe('Only these bytes of the plaintext, FROM-TO, counted from 0; to a pipe, or from --server'),
  lease: z.string().min(1).max(200).optional().describe('The lease to read under; each read is recorded'),
  attestation: z
    .string()
    .max(4096)
    .optional()
    .describe('The file with the token of the environment’s attestation, where it needs one'),
  withoutLease: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .describe('Why it is opened without a lease; recorded as evidence before the first byte'),
  server: z
    .string()
    .max(2000)
    .optional()
    .describe('Read from this server (https://…) under the lease, without an installation here'),
  keyFile: z
    .string()
    .max(4096)
    .optional()
    .describe('With --server: the file with the API key; default: AVOUCH_API_KEY'),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'a digest is SHA-256 in hex')
    .optional()
    .describe('With --server: what the object must be, known from elsewhere'),
  workers: z.coerce.number().int().min(1).max(64).default(2).describe('Threads that decrypt to a file'),
}
type Options = z.infer<z.ZodObject<typeof openOptions>>

/** `avouch weights open`: the plaintext of an object, to a file or a pipe. */
export const openCommand: StandaloneSubcommand = {
  standalone: true,
  summary:
    'Decrypt an object, whole or in part, to a file or a pipe, under a lease; or on a reason, recorded first',
  positionals: { object: 'The object’s id, or NAME@VERSION' },
  options: openOptions,
  async run({ config, terminal, args, options, signal }) {
    const given = z.object(openOptions).parse(options)
    check(given, terminal.json)
    const path = given.out === undefined ? undefined : resolve(given.out)
    const attestation =
      given.attestation === undefined
        ? undefined
        : (await readSmallFile(given.attestation, '--attestation', 200)).toString('utf8').trim()
    const from = { ...given, path, attestation, which: args.object! }
    if (from.server === undefined)
      return within(config, (installation) => openHere(installation, from, terminal, signal))
    const { server, lease = '', which, name, digest, keyFile } = from
    const bytes = from.bytes === undefined ? undefined : pair(from.bytes)
    const opening = { server, lease, which, name, bytes, digest, keyFile, attestation, path }
    return openRemote(opening, terminal, signal)
  },
}

type Opening = Options & { path: string | undefined; which: string }

async function openHere(
  installation: Installation,
  given: Opening,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<0> {
  const { path, attestation } = given
  const object = await findNamed(installation.db, given.which, given.name)
  const { segments, bytes } = wanted(object, given)
  const free =
    given.withoutLease === undefined
      ? undefined
      : withoutLease(installation, { reason: given.withoutLease, path })
  const sink = path === undefined ? ('pipe' as const) : ('file' as const)
  const use = { lease: given.lease ?? '', by: LOCAL, host: hostname(), attestation, sink }
  const authorise = free ?? underLease(installation, use)
  const opened = await openObject(installation, object, { authorise, segments })
  try {
    if (path === undefined) {
      await toPipe(Readable.from(readPlaintext(opened, bytes), { objectMode: false }), signal)
      return 0
    }
    const progress = progressBytes(terminal, 'Opening')
    const written = await openToFile(opened, installation.config.blobs, path, {
      workers: given.workers,
      signal,
      onProgress: (done) => progress(done, bytes.end + 1 - bytes.start),
    })
    terminal.say(`${bytesInWords(written.bytes)} of ${object.name} opened to ${path}, mode 0600.`)
    const evidence = free?.evidence ?? (await sealReads(installation))
    terminal.say(
      free
        ? `That it was opened without a lease stands as evidence ${evidence[0]}.`
        : `Every read stands in the record; evidence ${evidence.join(', ')}.`,
    )
    const { id, model, name, digest } = object
    const lease = given.lease ?? null
    terminal.result({ object: id, model, name, digest, segments, ...written, lease, evidence })
    return 0
  } finally {
    await opened.close()
    if (free === undefined) await sealReads(installation)
  }
}

function check(given: Options, json: boolean): void {
  if ((given.withoutLease === undefined) === (given.lease === undefined))
    throw new AvouchError('usage', 'weights are opened under a lease, or without one for a stated reason', {
      fix: 'Give --lease ID; or --without-lease REASON, which is recorded as evidence and counts against 3.2.',
    })
  if (given.segments !== undefined && given.bytes !== undefined)
    throw new AvouchError('usage', '--segments and --bytes exclude each other')
  if (given.server !== undefined && (given.lease === undefined || given.segments !== undefined))
    throw new AvouchError('usage', '--server takes a --lease, and --bytes rather than --segments')
  if (given.server === undefined && (given.keyFile !== undefined || given.digest !== undefined))
    throw new AvouchError('usage', '--key-file and --digest go with --server')
  if (given.out !== undefined && given.bytes !== undefined && given.server === undefined)
    throw new AvouchError('usage', '--bytes goes to a pipe', {
      fix: 'Leave --out away, and redirect the output.',
    })
  if (given.out === undefined && json)
    throw new AvouchError('usage', '--json needs --out: the weights themselves would go to standard output')
  if (given.out === undefined && process.stdout.isTTY)
    throw new AvouchError('usage', 'weights are not printed on a terminal', {
      fix: 'Pipe them on, or name a file with --out.',
    })
}

const pair = (text: string): [number, number] => text.split('-').map(Number) as [number, number]

function wanted(
  object: WeightObject,
  given: Options,
): { segments: SegmentRange; bytes: { start: number; end: number } } {
  if (given.bytes !== undefined) {
    const [start, end] = pair(given.bytes)
    return { segments: segmentsOf(object, start, end), bytes: { start, end } }
  }
  const segments: SegmentRange =
    given.segments === undefined ? [0, object.segments - 1] : pair(given.segments)
  return { segments, bytes: bytesOf(object, segments) }
}
