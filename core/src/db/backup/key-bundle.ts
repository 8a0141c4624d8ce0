import { randomBytes, scrypt } from 'node:crypto'
import { lstat, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { keyFolder, loadOrCreateKeyFile, readKeyFile } from '../../crypto/key-file.ts'
import { open, seal } from '../../crypto/sealed-box.ts'
import { AvouchError } from '../../errors.ts'
import { FORMAT } from './manifest.ts'

const derive = promisify<string, Uint8Array, number, object, Buffer>(scrypt)

/** RFC 7914; 128 MiB and about half a second for each guess. */
const COST = { n: 2 ** 17, r: 8, p: 1 }
const LEAST_CHARACTERS = 12

const base64 = z.base64()
const bundleSchema = z.strictObject({
  format: z.literal(FORMAT),
  kdf: z.literal('scrypt'),
  n: z.literal([2 ** 15, 2 ** 16, 2 ** 17, 2 ** 18, 2 ** 19]),
  r: z.literal(8),
  p: z.literal(1),
  salt: base64.max(100),
  sealed: base64.max(4_000_000),
})
const keysSchema = z.record(z.string().regex(/^[a-z0-9][a-z0-9._-]{0,100}$/), base64)

export type Keys = Record<string, string>

/** Throws `usage` for a passphrase that could be guessed. */
export function checkPassphrase(passphrase: string): void {
  if (passphrase.length < LEAST_CHARACTERS)
    throw new AvouchError('usage', `the passphrase is shorter than ${LEAST_CHARACTERS} characters`, {
      fix: 'Use several words that no one else would put together.',
    })
}

/** All key files of a home: name → base64. */
export async function readKeys(home: string): Promise<Keys> {
  const keys: Keys = {}
  for (const name of await readdir(keyFolder({ home })).catch(() => [])) {
    const path = join(keyFolder({ home }), name)
    if (name.endsWith('.new') || !(await lstat(path)).isFile()) continue
    keys[name] = (await readKeyFile(path, 1024 * 1024))!.toString('base64')
  }
  return keysSchema.parse(keys)
}

/**
 * The keys sealed under a passphrase. The seal also covers the manifest's digest, so whoever knows the passphrase
 * knows that the whole backup is the one that was made.
 */
export async function sealKeys(keys: Keys, passphrase: string, manifestSha256: string): Promise<string> {
  const salt = randomBytes(32)
  const key = await keyOf(passphrase, salt, COST)
  const sealed = seal(key, Buffer.from(JSON.stringify(keys)), `${FORMAT} ${manifestSha256}`)
  const bundle = { format: FORMAT, kdf: 'scrypt', ...COST, salt: salt.toString('base64') }
  return JSON.stringify({ ...bundle, sealed: sealed.toString('base64') })
}

/** Opens `keys.json`. Throws `proof` on a wrong passphrase or a changed backup, which cannot be told apart. */
export async function openKeys(dir: string, passphrase: string, manifestSha256: string): Promise<Keys> {
  const path = join(dir, 'keys.json')
  try {
    if ((await stat(path)).size > 8_000_000) throw new RangeError('too large')
    const bundle = bundleSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    const key = await keyOf(passphrase, Buffer.from(bundle.salt, 'base64'), bundle)
    const plain = open(key, Buffer.from(bundle.sealed, 'base64'), `${FORMAT} ${manifestSha256}`)
    return keysSchema.parse(JSON.parse(plain.toString('utf8')))
  } catch (cause) {
    throw new AvouchError(
      'proof',
      'the keys do not open: the passphrase is wrong, or the backup was changed',
      {
        where: path,
        fix: 'Check the passphrase; if it is right, use another backup.',
        cause,
      },
    )
  }
}

/** Writes the keys into a home that has none. */
export async function writeKeys(home: string, keys: Keys): Promise<void> {
  for (const [name, bytes] of Object.entries(keys))
    await loadOrCreateKeyFile(
      join(keyFolder({ home }), name),
      () => Buffer.from(bytes, 'base64'),
      1024 * 1024,
    )
}

function keyOf(
  passphrase: string,
  salt: Uint8Array,
  { n, r, p }: { n: number; r: number; p: number },
): Promise<Buffer> {
  return derive(passphrase.normalize('NFKC'), salt, 32, { N: n, r, p, maxmem: 256 * n * r })
}
