import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const MODULE = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'].find(
  existsSync,
)

/** Whether somebody put the optional package beside the others. */
export function hasPkcs11js(): boolean {
  return existsSync(new URL('../../../../node_modules/pkcs11js/package.json', import.meta.url))
}

/** What is not there that a test with a real token needs; undefined where all is. */
export function lackingForTokens(): string | undefined {
  return MODULE === undefined ? 'SoftHSM2' : !hasPkcs11js() ? 'pkcs11js' : undefined
}

/** A SoftHSM2 token in `<dir>/tokens`, which has to be there, with a key in it; its address, and what processes need to find it. */
export async function makeToken(dir: string): Promise<{ uri: string; env: NodeJS.ProcessEnv }> {
  await writeFile(join(dir, 'conf'), `directories.tokendir = ${dir}/tokens\nobjectstore.backend = file\n`)
  await writeFile(join(dir, 'pin'), '4321\n', { mode: 0o600 })
  const env = { ...process.env, SOFTHSM2_CONF: join(dir, 'conf') }
  const run = (program: string, ...args: string[]): void => {
    execFileSync(program, args, { env, cwd: import.meta.dirname, stdio: 'pipe' })
  }
  const pins = ['--pin', '4321', '--so-pin', '87654321']
  run('softhsm2-util', '--init-token', '--free', '--label', 'Example token', ...pins)
  run(process.execPath, '--input-type=module', '-e', MAKE_KEY, MODULE!, '4321', 'kek')
  return {
    uri: `pkcs11:token=Example%20token;object=kek?module-path=${MODULE}&pin-source=file:${dir}/pin`,
    env,
  }
}

/** In a process of its own: a key is made by whoever sets the token up, never by Avouch. */
const MAKE_KEY = `
  import p from 'pkcs11js'
  const [path, pin, label] = process.argv.slice(1)
  const m = new p.PKCS11()
  m.load(path)
  m.C_Initialize()
  const slot = m.C_GetSlotList(true).find((s) => m.C_GetTokenInfo(s).label.startsWith('Example'))
  const session = m.C_OpenSession(slot, p.CKF_SERIAL_SESSION | p.CKF_RW_SESSION)
  m.C_Login(session, p.CKU_USER, pin)
  const yes = ['CKA_TOKEN', 'CKA_PRIVATE', 'CKA_SENSITIVE', 'CKA_ENCRYPT', 'CKA_DECRYPT']
  m.C_GenerateKey(session, { mechanism: p.CKM_AES_KEY_GEN }, [
    { type: p.CKA_CLASS, value: p.CKO_SECRET_KEY },
    { type: p.CKA_LABEL, value: label },
    { type: p.CKA_VALUE_LEN, value: 32 },
    { type: p.CKA_EXTRACTABLE, value: false },
    ...yes.map((name) => ({ type: p[name], value: true })),
  ])
  m.C_Finalize()
`
