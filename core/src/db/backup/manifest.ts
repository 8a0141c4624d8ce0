import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isKey } from '../../blob/key.ts'
import { AvouchError } from '../../errors.ts'
import { databaseError } from '../errors.ts'

/** The format's name; a later one that reads differently gets another number. */
export const FORMAT = 'avouch-backup/1'

const MANIFEST_BYTES = 64 * 1024 * 1024

const digest = z.strictObject({ size: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
const identifier = z.string().min(1).max(63)
/** A path below the home that leads nowhere else: no empty or dot segment, no backslash or control character. */
const homePath = z
  .string()
  .max(1000)
  .refine((path) => path.split('/').every((name) => !/^\.{0,2}$/.test(name)))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .refine((path) => !/[\\\u0000-\u001f]/.test(path))

const table = z.strictObject({
  name: identifier,
  columns: z.array(identifier).max(1600),
  rows: z.int().nonnegative(),
  file: z.string().regex(/^database\/\d{4,6}\.copy$/),
  ...digest.shape,
})
/** Values as text: an int8 may be beyond the safe integers. */
const sequence = z.strictObject({
  name: identifier,
  last: z.string().regex(/^-?\d{1,19}$/),
  called: z.boolean(),
})

/** `manifest.json`: everything in a backup with its SHA-256, but for the keys, whose seal covers the manifest. */
export const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  madeAt: z.iso.datetime(),
  origin: z.string().max(1000),
  schemas: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9_]{0,48}$/),
        tables: z.array(table).max(10_000),
        sequences: z.array(sequence).max(10_000),
      }),
    )
    .max(1000),
  /** Steps of all schemas in the order they were applied. */
  steps: z
    .array(z.strictObject({ schema: z.string().max(49), name: z.string().max(200), text: z.string() }))
    .max(100_000),
  /** `blobs.jsonl`, one `{key, size, sha256}` a line; the bytes stand in `blobs/<key>`. */
  blobs: z.strictObject({ count: z.int().nonnegative(), ...digest.shape }),
  /** Other files of the home, such as trust and spool; the bytes stand in `home/<path>`. */
  home: z.array(z.strictObject({ path: homePath, ...digest.shape })).max(100_000),
})

export type Manifest = z.infer<typeof manifestSchema>
export type ManifestTable = z.infer<typeof table>

/** One line of `blobs.jsonl`. */
export const blobLine = z.strictObject({ key: z.string().refine(isKey), ...digest.shape })

/** Reads `manifest.json` with the digest of its exact bytes. Throws `input` where it is none. */
export async function readManifest(dir: string): Promise<{ manifest: Manifest; sha256: string }> {
  const path = join(dir, 'manifest.json')
  const size = (await stat(path).catch(() => undefined))?.size
  if (size === undefined || size > MANIFEST_BYTES)
    throw new AvouchError(
      'input',
      size === undefined ? 'this folder holds no backup' : 'the manifest is too large',
      {
        where: path,
        fix: 'Give the folder that "avouch backup" wrote.',
      },
    )
  const bytes = await readFile(path).catch((error) => {
    throw databaseError(error, path)
  })
  try {
    const manifest = manifestSchema.parse(JSON.parse(bytes.toString('utf8')))
    return { manifest, sha256: createHash('sha256').update(bytes).digest('hex') }
  } catch (cause) {
    throw new AvouchError('input', 'the manifest cannot be read by this release', {
      where: path,
      fix: 'Restore with the release that made the backup, or fetch the backup again.',
      cause,
    })
  }
}

/** Throws `proof` unless the file has exactly this size and SHA-256. */
export async function checkFile(path: string, expected: { size: number; sha256: string }): Promise<void> {
  const hash = createHash('sha256')
  let size = 0
  try {
    for await (const chunk of createReadStream(path)) {
      hash.update(chunk as Buffer)
      size += (chunk as Buffer).length
    }
  } catch (cause) {
    throw new AvouchError('proof', 'a file of the backup cannot be read', {
      where: path,
      fix: 'Fetch it again.',
      cause,
    })
  }
  if (size !== expected.size || hash.digest('hex') !== expected.sha256)
    throw new AvouchError('proof', 'a file of the backup is not the one that was written', {
      where: path,
      fix: 'Fetch the backup again, or use another.',
    })
}
