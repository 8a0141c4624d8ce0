import { createHash, type KeyObject, sign } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import { type Mechanism, openTokenKey, readPkcs11Uri, type Token, type TokenKey } from '@avouch/core/pkcs11'
import { ALGORITHMS, type Algorithm, algorithmOf, PSS, signatureHolds } from './cose.ts'

/** What signs claims. Whether its key lies in a file or in a token is its own matter. */
export type ClaimSigner = {
  alg: Algorithm
  /** A signature as COSE has it: for ECDSA, r and s, one behind the other. Throws `config` or `unavailable`. */
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

/** Signs by a private key at hand. Throws `config` for keys that C2PA does not take. */
export function signerOfKey(key: KeyObject): ClaimSigner {
  const alg = algorithmOf(key)
  return {
    alg,
    sign: async (bytes) =>
      sign(ALGORITHMS[alg].hash, bytes, {
        key,
        dsaEncoding: 'ieee-p1363',
        ...(key.asymmetricKeyType?.startsWith('rsa') && PSS),
      }),
  }
}

/** What names the token of a signing key. */
const WHERE = 'the address of the signing key'

/** Keys of this program's tokens, each opened when it is first needed and kept: a session is worth many signatures. */
const tokens = new Map<string, Promise<TokenKey>>()

/**
 * Signs by a key in a PKCS#11 token, which it never leaves. `publicKey` is that of its certificate. Throws `config` for an
 * address that is none; the token is first asked for when something is to be signed.
 */
export function signerInToken(uri: string, publicKey: KeyObject): ClaimSigner {
  const place = readPkcs11Uri(uri, WHERE, 'private')
  const alg = algorithmOf(publicKey)
  const { hash } = ALGORITHMS[alg]
  const bytesOut = alg === 'ps256' ? (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8 : 132
  const signWith = async (
    { cryptoki, constants, session, key, running }: Token,
    bytes: Uint8Array,
  ): Promise<Buffer> => {
    const data = hash === null ? Buffer.from(bytes) : createHash(hash).update(bytes).digest()
    cryptoki.C_SignInit(session, mechanismOf(alg, constants), key)
    return Buffer.from(await running(cryptoki.C_SignAsync(session, data, Buffer.alloc(bytesOut))))
  }
  const open = (): Promise<TokenKey> => {
    const opened =
      tokens.get(uri) ??
      openTokenKey(place, {
        where: WHERE,
        what: 'the key that signs manifests',
        find: (constants) => [{ type: constants.CKA_CLASS, value: constants.CKO_PRIVATE_KEY }],
        works: (token) =>
          signWith(token, Buffer.from('probe')).then(
            () => true,
            () => false,
          ),
      })
    tokens.set(uri, opened)
    opened.catch(() => tokens.delete(uri))
    return opened
  }
  return { alg, sign: async (bytes) => (await open()).use((token) => signWith(token, bytes)) }
}

function mechanismOf(alg: Algorithm, constants: Token['constants']): Mechanism {
  if (alg === 'ed25519') return { mechanism: constants.CKM_EDDSA }
  if (alg !== 'ps256') return { mechanism: constants.CKM_ECDSA }
  return {
    mechanism: constants.CKM_RSA_PKCS_PSS,
    parameter: {
      type: constants.CK_PARAMS_RSA_PSS,
      hashAlg: constants.CKM_SHA256,
      mgf: constants.CKG_MGF1_SHA256,
      saltLen: 32,
    },
  }
}

/** Has it sign a few bytes, and holds that to the certificate. Throws `config` where the key is another's. */
export async function proveSigner(signer: ClaimSigner, publicKey: KeyObject): Promise<void> {
  const bytes = Buffer.from('avouch: is this the key of that certificate?')
  if (!signatureHolds(signer.alg, publicKey, bytes, await signer.sign(bytes)))
    throw new AvouchError('config', 'the key is not that of the first certificate', {
      fix: 'Give the signer’s certificate first, and its own key.',
    })
}
