import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readPkcs11Uri } from '@avouch/core/pkcs11'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileKekOf, openFileKek } from './file.ts'
import type { KeyEncryptionKey } from './kek.ts'
import { openKek, openKekOf } from './open.ts'
import { openPkcs11Kek } from './pkcs11.ts'
import { hasPkcs11js, lackingForTokens, makeToken } from './softhsm.fixture.ts'

const dataKey = randomBytes(32)

async function holds(kek: KeyEncryptionKey): Promise<void> {
  const wrapped = await kek.wrap(dataKey, 'object one')
  expect(Buffer.from(wrapped).includes(dataKey)).toBe(false)
  expect(Buffer.from(await kek.unwrap(wrapped, 'object one')).equals(dataKey)).toBe(true)
  expect(Buffer.from(await kek.wrap(dataKey, 'object one')).equals(Buffer.from(wrapped))).toBe(false)
  const refused = async (bytes: Uint8Array, context: string): Promise<void> => {
    await expect((async () => kek.unwrap(bytes, context))()).rejects.toMatchObject({ code: 'proof' })
  }
  await refused(wrapped, 'object two')
  await refused(wrapped.subarray(0, 20), 'object one')
  await refused(new Uint8Array(), 'object one')
  for (let at = 0; at < wrapped.length; at++) {
    const changed = Uint8Array.from(wrapped)
    changed[at]! ^= 1
    await refused(changed, 'object one')
  }
}

describe('the key file', () => {
  let home: string
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'avouch-kek-'))
  })
  afterAll(() => rm(home, { recursive: true, force: true }))

  it('wraps and unwraps, bound to the context, and no other key opens it', async () => {
    const kek = await openFileKek({ home })
    await holds(kek)
    const wrapped = await kek.wrap(dataKey, 'x')
    await expect(fileKekOf(randomBytes(32)).unwrap(wrapped, 'x')).rejects.toMatchObject({ code: 'proof' })
    expect((await openKekOf({ home }, kek.id)).id).toBe(kek.id)
    await expect(openKekOf({ home }, 'file:0000000000000000')).rejects.toMatchObject({ code: 'config' })
    expect(((await stat(join(home, 'keys', 'weights.key'))).mode & 0o777).toString(8)).toBe('600')
  })

  it('is refused where others could read it, or where it is no key', async () => {
    const path = join(home, 'keys', 'weights.key')
    await chmod(path, 0o640)
    await expect(openFileKek({ home })).rejects.toMatchObject({ code: 'config', where: path })
    await chmod(path, 0o600)
    await writeFile(path, 'short')
    await expect(openFileKek({ home })).rejects.toMatchObject({ code: 'config', where: path })
  })

  it('is the only other way beside a token', async () => {
    await expect(openKek({ home, weightsKek: 'vault:x' })).rejects.toMatchObject({ code: 'config' })
  })
})

describe('a PKCS#11 address', () => {
  it('is read by RFC 7512', () => {
    expect(
      readPkcs11Uri(
        'pkcs11:token=The%20Token;object=kek;type=secret-key?module-path=/m.so&pin-source=file:/run/pin',
        'KEK',
        'secret-key',
      ),
    ).toEqual({
      token: 'The Token',
      object: 'kek',
      type: 'secret-key',
      'module-path': '/m.so',
      'pin-source': '/run/pin',
    })
  })

  it.each([
    ['pkcs12:token=a', 'begin'],
    ['pkcs11:token=a;object=b?module-path=/m.so&pin-value=1234', 'PIN'],
    ['pkcs11:token=a;object=b?module-path=m.so&pin-source=/p', 'absolute'],
    ['pkcs11:token=a;token=b;object=c?module-path=/m.so&pin-source=/p', 'twice'],
    ['pkcs11:object=b?module-path=/m.so&pin-source=/p', 'names no token'],
    ['pkcs11:token=a?module-path=/m.so&pin-source=/p', 'names no object'],
    ['pkcs11:token=%ff;object=b?module-path=/m.so&pin-source=/p', 'UTF-8'],
    ['pkcs11:token=a;object=b;type=private?module-path=/m.so&pin-source=/p', 'wanted'],
    ['pkcs11:token=a;object=b;x-more=1?module-path=/m.so&pin-source=/p', 'x-more'],
  ])('%s is refused', (uri, why) => {
    expect(() => readPkcs11Uri(uri, 'KEK', 'secret-key')).toThrow(why)
  })

  it('with a module that is not there says what to do', async () => {
    const home = await mkdtemp(join(tmpdir(), 'avouch-kek-'))
    try {
      const uri = `pkcs11:token=a;object=b?module-path=${home}/none.so&pin-source=${home}/pin`
      // `config` where pkcs11js is missing, `unavailable` where only the module is
      await expect(openPkcs11Kek(uri)).rejects.toMatchObject({
        code: hasPkcs11js() ? 'unavailable' : 'config',
        fix: expect.stringMatching(/module-path|npm install/),
      })
    } finally {
      await rm(home, { recursive: true })
    }
  })
})

const lacking = lackingForTokens()

describe.skipIf(lacking !== undefined)(`a SoftHSM2 token${lacking ? ` (needs ${lacking})` : ''}`, () => {
  it('wraps and unwraps inside itself, and says when it is gone in the middle of work', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'avouch-hsm-'))
    try {
      await mkdir(join(dir, 'tokens'))
      const { uri, env } = await makeToken(dir)
      const run = (program: string, ...args: string[]): string =>
        execFileSync(program, args, { env, cwd: import.meta.dirname, encoding: 'utf8', stdio: 'pipe' })
      const fixture = join(import.meta.dirname, 'token.fixture.ts')
      const unknown = uri.replace('object=kek', 'object=none')
      expect(JSON.parse(run(process.execPath, fixture, dir, uri, unknown))).toEqual({
        id: 'pkcs11:Example token/kek',
        hidden: true,
        opened: true,
        flips: ['proof'],
        otherContext: 'proof',
        gone: 'unavailable',
        noKey: 'unavailable',
      })

      await writeFile(join(dir, 'pin'), '0000\n', { mode: 0o600 })
      expect(() => run(process.execPath, fixture, dir, uri, unknown)).toThrow(/refuses the PIN/)
      await chmod(join(dir, 'pin'), 0o644)
      expect(() => run(process.execPath, fixture, dir, uri, unknown)).toThrow(/may be used by others/)
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  })
})
