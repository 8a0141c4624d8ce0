import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SIGNING_USES } from './c2pa.ts'
import { issueRoot, issueSigner } from './certificate.ts'
import { credentialOf, pemOf } from './credential.ts'

const MODULE = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'].find(
  existsSync,
)
/** Whether somebody put the optional package beside the others. */
const hasPackage = existsSync(new URL('../../../../node_modules/pkcs11js/package.json', import.meta.url))
const lacking = MODULE === undefined ? 'SoftHSM2' : hasPackage ? undefined : 'pkcs11js'

const root = issueRoot('Example Company', new Date())
const chainOf = (keys?: { publicKey: KeyObject; privateKey: KeyObject }) => {
  const signer = issueSigner(root, 'Example Company', SIGNING_USES, new Date(), { keys })
  return { pem: pemOf(signer.certificate) + pemOf(root.certificate), key: signer.privateKey }
}

describe('a signing key in a token', () => {
  it('is named by its address, and asked for no sooner than it has to sign', async () => {
    const { pem } = chainOf()
    const address = (pin: string) =>
      Buffer.from(`pkcs11:token=a;object=b;type=private?module-path=/none.so&${pin}=file:/none/pin`)
    expect(() => credentialOf(Buffer.from(pem), address('pin-value'))).toThrow('PIN')
    const { signer, key } = credentialOf(Buffer.from(pem), address('pin-source'))
    expect(key).toContain('pkcs11:token=a')
    await expect(signer.sign(new Uint8Array(4))).rejects.toMatchObject({
      code: hasPackage ? 'unavailable' : 'config',
      fix: expect.stringMatching(/module-path|npm install/),
    })
  })

  it.skipIf(lacking !== undefined)(
    `signs inside a SoftHSM2 token what both readers take${lacking ? ` (needs ${lacking})` : ''}`,
    async () => {
      const dir = await mkdtemp(join(tmpdir(), 'avouch-hsm-'))
      try {
        await mkdir(join(dir, 'tokens'))
        await writeFile(
          join(dir, 'conf'),
          `directories.tokendir = ${dir}/tokens\nobjectstore.backend = file\n`,
        )
        await writeFile(join(dir, 'pin'), '4321\n', { mode: 0o600 })
        const env = { ...process.env, SOFTHSM2_CONF: join(dir, 'conf') }
        const run = (program: string, ...args: string[]): string =>
          execFileSync(program, args, { env, encoding: 'utf8', stdio: 'pipe' })
        const token = ['--token', 'Example token', '--pin', '4321']
        run(
          'softhsm2-util',
          '--init-token',
          '--free',
          '--label',
          'Example token',
          '--pin',
          '4321',
          '--so-pin',
          '87654321',
        )
        const kinds = {
          es256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
          es384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
          ps256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
          other: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
        }
        let id = 0
        for (const [name, keys] of Object.entries(kinds)) {
          await writeFile(join(dir, 'key.pem'), keys.privateKey.export({ type: 'pkcs8', format: 'pem' }))
          await writeFile(join(dir, `chain-${name}.pem`), chainOf(keys).pem)
          run(
            'softhsm2-util',
            '--import',
            join(dir, 'key.pem'),
            ...token,
            '--label',
            name,
            '--id',
            `0${++id}`,
          )
        }
        const uri = `pkcs11:token=Example%20token;object=KEY?module-path=${MODULE}&pin-source=file:${dir}/pin`
        const told = run(process.execPath, join(import.meta.dirname, 'token.fixture.ts'), dir, uri)
        expect(JSON.parse(told)).toEqual({
          es256: true,
          es384: true,
          ps256: true,
          second: true,
          other: 'config',
          none: 'unavailable',
          gone: 'unavailable',
        })
      } finally {
        await rm(dir, { recursive: true, force: true })
      }
    },
  )
})
