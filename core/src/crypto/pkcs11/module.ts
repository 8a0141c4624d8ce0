import { AvouchError } from '../../errors.ts'

/** What is used of the package `pkcs11js`, which only installations with a token have. */
export type Cryptoki = {
  C_GetSlotList(present: boolean): Buffer[]
  C_GetTokenInfo(slot: Buffer): { label: string; serialNumber: string }
  C_OpenSession(slot: Buffer, flags: number): Buffer
  C_CloseSession(session: Buffer): void
  C_Login(session: Buffer, user: number, pin: string): void
  C_FindObjectsInit(session: Buffer, template: { type: number; value: unknown }[]): void
  C_FindObjects(session: Buffer, most: number): Buffer[]
  C_FindObjectsFinal(session: Buffer): void
  C_EncryptInit(session: Buffer, mechanism: Mechanism, key: Buffer): void
  C_EncryptAsync(session: Buffer, data: Buffer, out: Buffer): Promise<Buffer>
  C_DecryptInit(session: Buffer, mechanism: Mechanism, key: Buffer): void
  C_DecryptAsync(session: Buffer, data: Buffer, out: Buffer): Promise<Buffer>
  C_SignInit(session: Buffer, mechanism: Mechanism, key: Buffer): void
  C_SignAsync(session: Buffer, data: Buffer, out: Buffer): Promise<Buffer>
}

export type Mechanism = {
  mechanism: number
  parameter?:
    | { type: number; iv: Buffer; aad: Buffer; ivBits: number; tagBits: number }
    | { type: number; hashAlg: number; mgf: number; saltLen: number }
}

export type Constants = Record<
  | 'CKA_CLASS'
  | 'CKA_ID'
  | 'CKA_KEY_TYPE'
  | 'CKA_LABEL'
  | 'CKF_SERIAL_SESSION'
  | 'CKK_AES'
  | 'CKG_MGF1_SHA256'
  | 'CKM_AES_GCM'
  | 'CKM_ECDSA'
  | 'CKM_EDDSA'
  | 'CKM_RSA_PKCS_PSS'
  | 'CKM_SHA256'
  | 'CKO_PRIVATE_KEY'
  | 'CKO_SECRET_KEY'
  | 'CKU_USER'
  | 'CK_PARAMS_AES_GCM'
  | 'CK_PARAMS_RSA_PSS',
  number
>

type Package = Constants & {
  PKCS11: new () => Cryptoki & { load(path: string): void; C_Initialize(): void; C_Finalize(): void }
}

/** A module in this process, and what of it changes. */
export type Module = {
  cryptoki: Cryptoki
  constants: Constants
  /** Operations under way in other threads. */
  running: number
  /** How often it was initialised: sessions and keys of before are none any more. */
  generation: number
  /** Initialises it anew, for some notice only then that a token came back. False where operations are under way. */
  renew(): boolean
}

/** A module is loaded once a process, whoever uses it; it stays so until the process ends. */
const loaded = new Map<string, Promise<Module>>()

/** Loads a token's module. `where` is what names it, for whoever reads an error. Throws `config` where pkcs11js is not installed, `unavailable` where the module does not load. */
export function loadModule(path: string, where: string): Promise<Module> {
  const found = loaded.get(path) ?? load(path, where)
  loaded.set(path, found)
  found.catch(() => loaded.delete(path))
  return found
}

async function load(path: string, where: string): Promise<Module> {
  const pkcs11 = await importPackage(where)
  const cryptoki = new pkcs11.PKCS11()
  try {
    cryptoki.load(path)
    cryptoki.C_Initialize()
  } catch (cause) {
    throw new AvouchError('unavailable', `the PKCS#11 module cannot be used: ${(cause as Error).message}`, {
      where: path,
      fix: `Check module-path in ${where} and what the module itself needs.`,
      cause,
    })
  }
  const module: Module = {
    ...{ cryptoki, constants: pkcs11, running: 0, generation: 0 },
    renew() {
      if (module.running > 0) return false
      cryptoki.C_Finalize()
      cryptoki.C_Initialize()
      module.generation++
      return true
    },
  }
  return module
}

/** Its name is computed because it is not among the dependencies: it is built by node-gyp where it is installed. */
async function importPackage(where: string): Promise<Package> {
  const name = ['pkcs11', 'js'].join('')
  try {
    const found = (await import(name)) as Package & { default?: Package }
    return found.default ?? found
  } catch (cause) {
    throw new AvouchError('config', `${where} names a PKCS#11 token, but pkcs11js is not installed`, {
      where,
      fix: 'Run: npm install --no-save pkcs11js (it needs a C++ compiler), and allow its install script.',
      cause,
    })
  }
}
