import { createPublicKey, randomBytes, verify } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDataKeys } from './data-keys.ts'
import { open, SEAL_BYTES, seal } from './sealed-box.ts'
import { loadOrCreateSigningKey } from './signing-key.ts'

const posix = process.platform !== 'win32'
let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'avouch-keys-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

describe('a sealed box', () => {
  const key = randomBytes(32)

  it('opens to what was sealed, with its context only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (plain, context) => {
        const sealed = seal(key, plain, context)
        expect(sealed.length).toBe(plain.length + SEAL_BYTES)
        expect(Buffer.compare(open(key, sealed, context), plain)).toBe(0)
        expect(() => open(key, sealed, `${context}x`)).toThrow('do not open')
        expect(() => open(randomBytes(32), sealed, context)).toThrow('do not open')
      }),
    )
  })

  it('does not open after a change to any one bit, or cut', () => {
    const sealed = seal(key, Buffer.from('the plain words'), 'context')
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(() => open(key, changed, 'context')).toThrow(expect.objectContaining({ code: 'proof' }))
    }
    for (let length = 0; length < sealed.length; length++)
      expect(() => open(key, sealed.subarray(0, length), 'context')).toThrow('do not open')
  })

  it('opens the published GCM test case 14 (256-bit key, 16 zero bytes, no additional data)', () => {
    const nonce = Buffer.alloc(12)
    const cipher = Buffer.from('cea7403d4d606b6e074ec5d3baf39d18', 'hex')
    const tag = Buffer.from('d0d1c8a799996bf0265b98b5d48ab919', 'hex')
    expect(open(Buffer.alloc(32), Buffer.concat([nonce, cipher, tag]), '')).toEqual(Buffer.alloc(16))
  })
})

describe('data keys', () => {
  it('are unwrapped by the same home later, in their context', async () => {
    const { plain, wrapped } = await (await openDataKeys({ home })).create('campaign/1')
    const keys = await openDataKeys({ home })
    expect(Buffer.compare(await keys.unwrap(wrapped, 'campaign/1'), plain)).toBe(0)
    await expect(keys.unwrap(wrapped, 'campaign/2')).rejects.toMatchObject({ code: 'proof' })
    await expect(keys.unwrap(wrapped.subarray(1), 'campaign/1')).rejects.toMatchObject({ code: 'proof' })
  })

  it('come from one key though several ask for the first at once', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => openDataKeys({ home })))
    const { wrapped } = await opened[0]!.create('x')
    for (const keys of opened) expect(await keys.unwrap(wrapped, 'x')).toHaveLength(32)
    expect(await readdir(join(home, 'keys'))).toEqual(['data.key'])
  })

  it.runIf(posix)('are refused when others may read the key, or it is a link', async () => {
    await openDataKeys({ home })
    const path = join(home, 'keys/data.key')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(join(home, 'keys'))).mode & 0o777).toBe(0o700)
    await chmod(path, 0o640)
    await expect(openDataKeys({ home })).rejects.toMatchObject({ code: 'config', where: path })
    await chmod(path, 0o600)
    await chmod(join(home, 'keys'), 0o755)
    await expect(openDataKeys({ home })).rejects.toMatchObject({ code: 'config', where: join(home, 'keys') })
    await chmod(join(home, 'keys'), 0o700)
    const bytes = await readFile(path)
    await rm(path)
    await writeFile(join(home, 'elsewhere'), bytes, { mode: 0o600 })
    await symlink(join(home, 'elsewhere'), path)
    await expect(openDataKeys({ home })).rejects.toMatchObject({ code: 'config' })
  })

  it('are refused from a key file of another length', async () => {
    await mkdir(join(home, 'keys'), { mode: 0o700 })
    await writeFile(join(home, 'keys/data.key'), randomBytes(31), { mode: 0o600 })
    await expect(openDataKeys({ home })).rejects.toMatchObject({ code: 'config' })
  })
})

describe('a signing key', () => {
  it('is the same each time, another for each role, and signs Ed25519', async () => {
    const key = await loadOrCreateSigningKey({ home }, 'log')
    const again = await loadOrCreateSigningKey({ home }, 'log')
    const other = await loadOrCreateSigningKey({ home }, 'evidence')
    expect(again.publicKey).toEqual(key.publicKey)
    expect(other.publicKey).not.toEqual(key.publicKey)
    expect(key.publicKey).toHaveLength(32)
    const bytes = randomBytes(100)
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.publicKey).toString('base64url') }
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
    expect(verify(null, bytes, publicKey, again.sign(bytes))).toBe(true)
    expect(verify(null, bytes, publicKey, other.sign(bytes))).toBe(false)
  })

  it('is refused where its file is damaged, and not made anew', async () => {
    await loadOrCreateSigningKey({ home }, 'witness')
    await writeFile(join(home, 'keys/witness.pem'), 'no key')
    await expect(loadOrCreateSigningKey({ home }, 'witness')).rejects.toMatchObject({ code: 'config' })
    expect(await readFile(join(home, 'keys/witness.pem'), 'utf8')).toBe('no key')
  })
})
