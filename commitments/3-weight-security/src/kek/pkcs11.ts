import { randomBytes } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import { codeOf, type Mechanism, openTokenKey, readPkcs11Uri, type Token } from '@avouch/core/pkcs11'
import type { KeyEncryptionKey } from './kek.ts'

const IV_BYTES = 12
const TAG_BYTES = 16
/** First byte of a wrapped key: by CKM_AES_GCM inside a token, IV ‖ ciphertext ‖ tag. */
const TOKEN_GCM = 2

const CKR = {
  generalError: 0x05,
  functionFailed: 0x06,
  encryptedDataInvalid: 0x40,
  encryptedDataLength: 0x41,
} as const

/** What names the token. */
const WHERE = 'AVOUCH_WEIGHTS_KEK'

/**
 * A key-encryption key that never leaves its PKCS#11 token: an AES key that may encrypt and decrypt, used by CKM_AES_GCM
 * with the context as additional data. A lost session is opened anew once, and a token that was gone is found again.
 * Throws `config` for a wrong address or PIN, `unavailable` where the token or its key is not there, be it in the middle of work.
 */
export async function openPkcs11Kek(uri: string): Promise<KeyEncryptionKey> {
  const place = readPkcs11Uri(uri, WHERE, 'secret-key')
  const key = await openTokenKey(place, {
    where: WHERE,
    what: 'the key of the weights',
    find: (constants) => [
      { type: constants.CKA_CLASS, value: constants.CKO_SECRET_KEY },
      { type: constants.CKA_KEY_TYPE, value: constants.CKK_AES },
    ],
    works,
  })
  return {
    id: `pkcs11:${place.token ?? place.serial}/${place.object ?? place.id}`,
    wrap: (dataKey, context) =>
      key.use(async (at) => {
        const iv = randomBytes(IV_BYTES)
        return Buffer.concat([Uint8Array.of(TOKEN_GCM), iv, await encrypt(at, iv, dataKey, context)])
      }),
    unwrap: (wrapped, context) => {
      if (wrapped[0] !== TOKEN_GCM || wrapped.length <= 1 + IV_BYTES + TAG_BYTES)
        throw new AvouchError('proof', 'this data key was wrapped in a way unknown here')
      const iv = Buffer.from(wrapped.subarray(1, 1 + IV_BYTES))
      return key.use((at) => decrypt(at, iv, Buffer.from(wrapped.subarray(1 + IV_BYTES)), context))
    },
    close: () => key.close(),
  }
}

async function encrypt(at: Token, iv: Buffer, plain: Uint8Array, context: string): Promise<Buffer> {
  at.cryptoki.C_EncryptInit(at.session, gcm(at.constants, iv, context), at.key)
  const place = Buffer.alloc(plain.length + 2 * TAG_BYTES)
  return at.running(at.cryptoki.C_EncryptAsync(at.session, Buffer.from(plain), place))
}

/** Tokens answer a wrong tag in several ways, some as if they were broken; `use` has told those apart before. */
async function decrypt(at: Token, iv: Buffer, sealed: Buffer, context: string): Promise<Buffer> {
  at.cryptoki.C_DecryptInit(at.session, gcm(at.constants, iv, context), at.key)
  try {
    return await at.running(at.cryptoki.C_DecryptAsync(at.session, sealed, Buffer.alloc(sealed.length)))
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

function gcm(constants: Token['constants'], iv: Buffer, context: string): Mechanism {
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
