import { randomBytes } from 'node:crypto'
import { readKeyFile } from '@avouch/core/crypto'
import { AvouchError } from '@avouch/core/errors'
import type { KeyEncryptionKey } from './kek.ts'
import { type Constants, type Cryptoki, loadModule, type Mechanism, type Module } from './pkcs11-module.ts'
import { type Pkcs11Place, readPkcs11Uri } from './pkcs11-uri.ts'

const IV_BYTES = 12
const TAG_BYTES = 16
/** First byte of a wrapped key: by CKM_AES_GCM inside a token, IV ‖ ciphertext ‖ tag. */
const TOKEN_GCM = 2

const CKR = {
  generalError: 0x05,
  functionFailed: 0x06,
  encryptedDataInvalid: 0x40,
  encryptedDataLength: 0x41,
  pinIncorrect: 0xa0,
  pinLocked: 0xa4,
  userAlreadyLoggedIn: 0x100,
} as const

type Token = { module: Module; generation: number; session: Buffer; key: Buffer }

/**
 * A key-encryption key that never leaves its PKCS#11 token: an AES key that may encrypt and decrypt, used by CKM_AES_GCM
 * with the context as additional data. A lost session is opened anew once, and a token that was gone is found again. Throws `config` for a wrong address or PIN,
 * `unavailable` where the token or its key is not there, be it in the middle of work.
 */
export async function openPkcs11Kek(uri: string): Promise<KeyEncryptionKey> {
  const place = readPkcs11Uri(uri)
  const id = `pkcs11:${place.token ?? place.serial}/${place.object ?? place.id}`
  let token: Token | undefined = await connect(place)

  /** One operation at a time: a session holds one. */
  let turn: Promise<unknown> = Promise.resolve()
  const use = <T>(work: (token: Token) => Promise<T>): Promise<T> => {
    const mine = turn.then(async () => {
      // sessions of before the module was initialised anew may by now be somebody else's
      if (token?.generation !== token?.module.generation) token = undefined
      token ??= await connect(place)
      try {
        return await work(token)
      } catch (error) {
        if (await works(token)) throw error
        disconnect(token)
        token = undefined
        token = await connect(place)
        return work(token).catch(async (cause) => {
          throw (await works(token!)) ? cause : unavailable(place, cause)
        })
      }
    })
    turn = mine.catch(() => undefined)
    return mine
  }

  return {
    id,
    wrap: (dataKey, context) =>
      use(async (at) => {
        const iv = randomBytes(IV_BYTES)
        return Buffer.concat([Uint8Array.of(TOKEN_GCM), iv, await encrypt(at, iv, dataKey, context)])
      }),
    unwrap: (wrapped, context) => {
      if (wrapped[0] !== TOKEN_GCM || wrapped.length <= 1 + IV_BYTES + TAG_BYTES)
        throw new AvouchError('proof', 'this data key was wrapped in a way unknown here')
      const iv = Buffer.from(wrapped.subarray(1, 1 + IV_BYTES))
      return use((at) => decrypt(at, iv, Buffer.from(wrapped.subarray(1 + IV_BYTES)), context))
    },
    async close() {
      await turn
      if (token) disconnect(token)
      token = undefined
    },
  }
}

async function encrypt(at: Token, iv: Buffer, plain: Uint8Array, context: string): Promise<Buffer> {
  const { cryptoki, constants } = at.module
  cryptoki.C_EncryptInit(at.session, gcm(constants, iv, context), at.key)
  const place = Buffer.alloc(plain.length + 2 * TAG_BYTES)
  return running(at, cryptoki.C_EncryptAsync(at.session, Buffer.from(plain), place))
}

/** Tokens answer a wrong tag in several ways, some as if they were broken; `use` has told those apart before. */
async function decrypt(at: Token, iv: Buffer, sealed: Buffer, context: string): Promise<Buffer> {
  const { cryptoki, constants } = at.module
  cryptoki.C_DecryptInit(at.session, gcm(constants, iv, context), at.key)
  try {
    return await running(at, cryptoki.C_DecryptAsync(at.session, sealed, Buffer.alloc(sealed.length)))
  } catch (cause) {
    const wrong: (number | undefined)[] = [
      CKR.generalError,
      CKR.functionFailed,
      CKR.encryptedDataInvalid,
      CKR.encryptedDataLength,
    ]
    if (!wrong.includes(codeOf(cause))) throw cause
    throw new AvouchError('proof', 'a wrapped data key does not open: wrong key, wrong context, or changed', {
      cause,
    })
  }
}

/** Nobody initialises the module anew meanwhile, which no module survives. */
async function running<T>({ module }: Token, work: Promise<T>): Promise<T> {
  module.running++
  try {
    return await work
  } finally {
    module.running--
  }
}

/** Whether the token can still do what it did: says whether a failure was its own or the data's. */
async function works(at: Token): Promise<boolean> {
  try {
    const iv = randomBytes(IV_BYTES)
    const sealed = await encrypt(at, iv, Buffer.alloc(TAG_BYTES), 'probe')
    return sealed.length === 2 * TAG_BYTES
  } catch {
    return false
  }
}

function gcm(constants: Constants, iv: Buffer, context: string): Mechanism {
  return {
    mechanism: constants.CKM_AES_GCM,
    parameter: {
      type: constants.CK_PARAMS_AES_GCM,
      iv,
      aad: Buffer.from(context),
      ivBits: 8 * IV_BYTES,
      tagBits: 8 * TAG_BYTES,
    },
  }
}

async function connect(place: Pkcs11Place): Promise<Token> {
  const module = await loadModule(place['module-path'])
  const pin = await readKeyFile(place['pin-source'])
  if (pin === undefined)
    throw new AvouchError('config', 'the file with the PIN is not there', {
      where: place['pin-source'],
      fix: 'Write the PIN into it, mode 0600.',
    })
  try {
    return logInto(module, place, pin)
  } catch (cause) {
    if (cause instanceof AvouchError) throw cause
    try {
      if (module.renew()) return logInto(module, place, pin)
    } catch (again) {
      throw again instanceof AvouchError ? again : unavailable(place, again)
    }
    throw unavailable(place, cause)
  }
}

function logInto(module: Module, place: Pkcs11Place, pin: Buffer): Token {
  const { cryptoki, constants, generation } = module
  const slot = cryptoki.C_GetSlotList(true).find((one) => {
    const { label, serialNumber } = cryptoki.C_GetTokenInfo(one)
    return (
      (place.token === undefined || label.trimEnd() === place.token) &&
      (place.serial === undefined || serialNumber.trimEnd() === place.serial)
    )
  })
  if (slot === undefined) throw new Error('no token of that name is present')
  const session = cryptoki.C_OpenSession(slot, constants.CKF_SERIAL_SESSION)
  logIn(cryptoki, constants, session, pin.toString('utf8').trimEnd())
  return { module, generation, session, key: findKey(cryptoki, constants, session, place) }
}

function logIn(cryptoki: Cryptoki, constants: Constants, session: Buffer, pin: string): void {
  try {
    cryptoki.C_Login(session, constants.CKU_USER, pin)
  } catch (error) {
    const code = codeOf(error)
    if (code === CKR.userAlreadyLoggedIn) return
    if (code === CKR.pinIncorrect || code === CKR.pinLocked)
      throw new AvouchError(
        'config',
        code === CKR.pinLocked ? 'the token is locked' : 'the token refuses the PIN',
        {
          where: 'AVOUCH_WEIGHTS_KEK',
          fix:
            code === CKR.pinLocked
              ? 'Have its security officer unlock it.'
              : 'Correct the file that pin-source names; tokens lock after a few wrong tries.',
        },
      )
    throw error
  }
}

function findKey(cryptoki: Cryptoki, constants: Constants, session: Buffer, place: Pkcs11Place): Buffer {
  cryptoki.C_FindObjectsInit(session, [
    { type: constants.CKA_CLASS, value: constants.CKO_SECRET_KEY },
    { type: constants.CKA_KEY_TYPE, value: constants.CKK_AES },
    ...(place.object === undefined ? [] : [{ type: constants.CKA_LABEL, value: place.object }]),
    ...(place.id === undefined ? [] : [{ type: constants.CKA_ID, value: Buffer.from(place.id, 'latin1') }]),
  ])
  const keys = cryptoki.C_FindObjects(session, 2)
  cryptoki.C_FindObjectsFinal(session)
  if (keys.length === 0) throw new Error('the token holds no AES key of that name')
  if (keys.length > 1)
    throw new AvouchError('config', 'the token holds several AES keys of that name', {
      where: 'AVOUCH_WEIGHTS_KEK',
      fix: 'Name the key by its id as well.',
    })
  return keys[0]!
}

function disconnect({ module, generation, session }: Token): void {
  if (generation !== module.generation) return
  try {
    module.cryptoki.C_CloseSession(session)
  } catch {
    // a session that is lost already is closed
  }
}

function unavailable(place: Pkcs11Place, cause: unknown): AvouchError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AvouchError('unavailable', `the token with the key of the weights cannot be used: ${reason}`, {
    where: `${place.token ?? place.serial}/${place.object ?? place.id}`,
    fix: 'Check that the token is connected and holds the key; nothing was opened.',
    cause,
  })
}

function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined
}
