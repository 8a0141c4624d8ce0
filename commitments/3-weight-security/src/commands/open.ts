import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { LOCAL } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Subcommand } from '@avouch/core/verb'
import { z } from 'zod'
import type { SegmentRange } from '../object/authorise.ts'
import type { WeightObject } from '../object/object.ts'
import { type OpenedObject, openObject } from '../object/open.ts'
import { openToFile } from '../object/open-file.ts'
import { bytesOf, readPlaintext, segmentsOf } from '../object/range.ts'
import { withoutLease } from '../object/without-lease.ts'
import { sealReads } from '../serve/seal-reads.ts'
import { underLease } from '../serve/under-lease.ts'
import { findNamed } from './find.ts'
import { readSmallFile } from './given.ts'
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
  bytes: range.optional().describe('Only these bytes of the plaintext, FROM-TO, counted from 0; to a pipe'),
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
  workers: z.coerce.number().int().min(1).max(64).default(2).describe('Threads that decrypt to a file'),
}
type Options = z.infer<z.ZodObject<typeof openOptions>>

/** `avouch weights open`: the plaintext of an object, to a file or a pipe. */
export const openCommand: Subcommand = {
  summary:
    'Decrypt an object, whole or in part, to a file or a pipe, under a lease; or on a reason, recorded first',
  positionals: { object: 'The object’s id, or NAME@VERSION' },
  options: openOptions,
  async run({ installation, terminal, args, options, signal }) {
    const given = z.object(openOptions).parse(options)
    check(given, terminal.json)
    const object = await findNamed(installation.db, args.object!, given.name)
    const { segments, bytes } = wanted(object, given)
    const path = given.out === undefined ? undefined : resolve(given.out)
    const free =
      given.withoutLease === undefined
        ? undefined
        : withoutLease(installation, { reason: given.withoutLease, path })
    const use = {
      ...{ lease: given.lease ?? '', by: LOCAL, host: hostname() },
      attestation:
        given.attestation === undefined
          ? undefined
          : (await readSmallFile(given.attestation, '--attestation', 200)).toString('utf8').trim(),
      sink: path === undefined ? ('pipe' as const) : ('file' as const),
    }
    const authorise = free ?? underLease(installation, use)
    const opened = await openObject(installation, object, { authorise, segments })
    try {
      if (path === undefined) return await toPipe(opened, bytes, signal)
      const written = await openToFile(opened, installation.config.blobs, path, {
        workers: given.workers,
        signal,
        onProgress: (done) =>
          terminal.progress({ task: 'opening (bytes)', done, total: bytes.end + 1 - bytes.start }),
      })
      terminal.say(`${bytesInWords(written.bytes)} of ${object.name} opened to ${path}, mode 0600.`)
      const evidence = free?.evidence ?? (await sealReads(installation))
      terminal.say(
        free
          ? `That it was opened without a lease stands as evidence ${evidence[0]}.`
          : `Every read stands in the record; evidence ${evidence.join(', ')}.`,
      )
      const { id, model, name, digest } = object
      terminal.result({
        object: id,
        model,
        name,
        digest,
        segments,
        ...written,
        lease: given.lease ?? null,
        evidence,
      })
      return 0
    } finally {
      await opened.close()
      if (free === undefined) await sealReads(installation)
    }
  },
}

function check(given: Options, json: boolean): void {
  if ((given.withoutLease === undefined) === (given.lease === undefined))
    throw new AvouchError('usage', 'weights are opened under a lease, or without one for a stated reason', {
      fix: 'Give --lease ID; or --without-lease REASON, which is recorded as evidence and counts against 3.2.',
    })
  if (given.segments !== undefined && given.bytes !== undefined)
    throw new AvouchError('usage', '--segments and --bytes exclude each other')
  if (given.out !== undefined && given.bytes !== undefined)
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

function wanted(
  object: WeightObject,
  given: Options,
): { segments: SegmentRange; bytes: { start: number; end: number } } {
  const pair = (text: string): [number, number] => text.split('-').map(Number) as [number, number]
  if (given.bytes !== undefined) {
    const [start, end] = pair(given.bytes)
    return { segments: segmentsOf(object, start, end), bytes: { start, end } }
  }
  const segments: SegmentRange =
    given.segments === undefined ? [0, object.segments - 1] : pair(given.segments)
  return { segments, bytes: bytesOf(object, segments) }
}

/** A reader that has seen enough closes the pipe, which is no failure. */
async function toPipe(
  opened: OpenedObject,
  bytes: { start: number; end: number },
  signal: AbortSignal,
): Promise<0> {
  try {
    await pipeline(Readable.from(readPlaintext(opened, bytes), { objectMode: false }), process.stdout, {
      signal,
      end: false,
    })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
  }
  return 0
}
