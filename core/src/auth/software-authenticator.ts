import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import type { AuthenticationResponse, RegistrationResponse } from './webauthn-json.ts'

/** What a test bends: a wrong origin, another relying party, no user verification, a counter that went back. */
export type Bent = {
  origin?: string
  rpId?: string
  userVerified?: boolean
  crossOrigin?: boolean
  counter?: number
  challenge?: string
}

/** An authenticator in software, for tests and the guided tour, whose key never leaves its memory: one discoverable ES256 credential, real signatures. */
export type SoftwareAuthenticator = {
  create(options: PublicKeyCredentialCreationOptionsJSON, bent?: Bent): RegistrationResponse
  get(options: PublicKeyCredentialRequestOptionsJSON, bent?: Bent): AuthenticationResponse
}

/** Makes an authenticator for a browser at this origin. WebAuthn level 3, sections 6.1 (authenticator data) and 6.5. */
export function softwareAuthenticator(origin: string): SoftwareAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(32)
  let counter = 0
  let userHandle: string | undefined

  const authenticatorData = (rpId: string, bent: Bent, attested?: Buffer) => {
    const head = Buffer.alloc(37)
    createHash('sha256')
      .update(bent.rpId ?? rpId)
      .digest()
      .copy(head)
    head[32] = 0x01 | (bent.userVerified === false ? 0 : 0x04) | (attested ? 0x40 : 0)
    counter += 1
    head.writeUInt32BE(bent.counter ?? counter, 33)
    return attested ? Buffer.concat([head, attested]) : head
  }
  const clientData = (type: string, challenge: string, bent: Bent) =>
    Buffer.from(
      JSON.stringify({
        type,
        challenge: bent.challenge ?? challenge,
        origin: bent.origin ?? origin,
        crossOrigin: bent.crossOrigin ?? false,
      }),
    )
  const face = { id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' as const }

  return {
    create(options, bent = {}) {
      userHandle = options.user.id
      const coordinate = (label: number, value: string) =>
        Buffer.concat([Buffer.of(label, 0x58, 32), Buffer.from(value, 'base64url')])
      // A COSE_Key in CBOR: {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
      const cose = Buffer.concat([
        Buffer.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01),
        coordinate(0x21, x),
        coordinate(0x22, y),
      ])
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.of(0, id.length), id, cose])
      const data = authenticatorData(options.rp.id ?? '', bent, attested)
      // {"fmt": "none", "attStmt": {}, "authData": data} in CBOR.
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex'),
        Buffer.of(0x59, data.length >> 8, data.length & 0xff),
        data,
      ])
      return {
        ...face,
        authenticatorAttachment: 'platform',
        response: {
          clientDataJSON: clientData('webauthn.create', options.challenge, bent).toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal'],
        },
      }
    },
    get(options, bent = {}) {
      const data = authenticatorData(options.rpId ?? '', bent)
      const client = clientData('webauthn.get', options.challenge, bent)
      const signature = sign(
        'sha256',
        Buffer.concat([data, createHash('sha256').update(client).digest()]),
        privateKey,
      )
      return {
        ...face,
        authenticatorAttachment: 'platform',
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle,
        },
      }
    },
  }
}
