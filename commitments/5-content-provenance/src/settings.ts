import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '@avouch/core/config'
import { keyFolder, loadOrCreateKeyFile, readKeyFile, whileUnchanged } from '@avouch/core/crypto'
import { AvouchError } from '@avouch/core/errors'
import { z } from 'zod'

const settings = z.strictObject({
  /** An authority of RFC 3161 that dates manifests; none: they are not dated by anybody else. */
  timeStampAuthority: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
  /** Where people tell that an answer of the check was wrong: an https: or mailto: address. */
  feedback: z
    .string()
    .max(2_000)
    .regex(/^(https:\/\/|mailto:)[!-~]+$/)
    .optional(),
  /** How much one may send, in MiB: to be marked, for those who may mark; to be checked, for everyone. */
  uploads: z
    .strictObject({
      mark: z.int().min(1).max(1_024).optional(),
      check: z.int().min(1).max(1_024).optional(),
    })
    .optional(),
})
export type Settings = z.infer<typeof settings>

/** The same in bytes: 256 MiB and 64 MiB where nothing is set. */
export function uploadLimits({ uploads = {} }: Settings): { mark: number; check: number } {
  const { mark = 256, check = 64 } = uploads
  return { mark: mark * 2 ** 20, check: check * 2 ** 20 }
}

type Home = Pick<Config, 'home'>

export function settingsFile({ home }: Home): string {
  return join(home, 'content', 'settings.json')
}

/** What the company set in `content/settings.json` of the home; nothing where there is no such file. Throws `config`. */
export async function readSettings(config: Home): Promise<Settings> {
  const path = settingsFile(config)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  const wrong = (why: string, cause?: unknown): AvouchError =>
    new AvouchError('config', `the settings of content provenance cannot be read: ${why}`, {
      where: path,
      cause,
    })
  let value: unknown
  try {
    value = JSON.parse(text.slice(0, 65_536))
  } catch (cause) {
    throw wrong('they are no JSON', cause)
  }
  const read = settings.safeParse(value)
  if (!read.success) throw wrong(z.prettifyError(read.error))
  return read.data
}

/** The key of this installation's watermarks, made on first use. Who has it can forge marks; without it none is read. */
export async function watermarkKey(config: Home): Promise<Uint8Array> {
  const path = watermarkKeyFile(config)
  return whileUnchanged('watermark key', [keyFolder(config), path], async () =>
    checked(await loadOrCreateKeyFile(path, () => randomBytes(32)), path),
  )
}

/** Whether that key is there; makes none. Throws `config` where it is no such key or others may have read it. */
export async function hasWatermarkKey(config: Home): Promise<boolean> {
  const path = watermarkKeyFile(config)
  const key = await readKeyFile(path)
  return key !== undefined && checked(key, path).length > 0
}

function watermarkKeyFile(config: Home): string {
  return join(keyFolder(config), 'content-watermark.key')
}

function checked(key: Uint8Array, path: string): Uint8Array {
  if (key.length === 32) return key
  throw new AvouchError('config', `the watermark key has ${key.length} bytes instead of 32`, {
    where: path,
    fix: 'Restore it from a backup: without it, marks made so far cannot be read.',
  })
}
