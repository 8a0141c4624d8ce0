import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { der, type Lapse, passkey } from '../test/passkey.ts'
import { signer } from '../test/signer.ts'
import { base64, fromUtf8, hex, utf8 } from './bytes.ts'
import { canonicalBytes } from './canonical.ts'
import { type EnvelopeKey, formatEnvelope, pae, parseEnvelope, verifyEnvelope } from './dsse.ts'
import { rawSignature, verifyAssertion } from './webauthn.ts'

describe('DSSE', () => {
  it("encodes as the specification's own example", () => {
    expect(fromUtf8(pae('http://example.com/HelloWorld', utf8('hello world')))).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    )
  })

  it('counts bytes, not characters', () => {
    expect(fromUtf8(pae('é', utf8('€')))).toBe('DSSEv1 2 é 3 €')
  })

  it('verifies by known keys and passes over others', async () => {
    const [one, two] = [await signer(1), await signer(2)]
    const keys: EnvelopeKey[] = [{ algorithm: 'ed25519', keyid: 'one', publicKey: one.publicKey }]
    const payload = utf8('{}')
    const message = pae('a/b', payload)
    const envelope = {
      payloadType: 'a/b',
      payload,
      signatures: [
        { keyid: 'two', sig: await two.sign(message) },
        { keyid: 'one', sig: await one.sign(message) },
      ],
    }
    const read = parseEnvelope(canonicalBytes(formatEnvelope(envelope)))
    expect(read).toEqual(envelope)
    expect(await verifyEnvelope(read, keys)).toEqual(keys)
    const refused = expect.objectContaining({ code: 'signature' })
    await expect(verifyEnvelope(read, [])).rejects.toEqual(refused)
    await expect(verifyEnvelope({ ...read, payloadType: 'a/c' }, keys)).rejects.toEqual(refused)
    await expect(verifyEnvelope({ ...read, payload: utf8('[]') }, keys)).rejects.toEqual(refused)
    const swapped = envelope.signatures.map(({ keyid }) => ({
      keyid: keyid === 'one' ? 'two' : 'one',
      sig: envelope.signatures[1]!.sig,
    }))
    await verifyEnvelope({ ...read, signatures: swapped }, keys)
    const forged = [{ keyid: 'one', sig: envelope.signatures[0]!.sig }]
    await expect(verifyEnvelope({ ...read, signatures: forged }, keys)).rejects.toEqual(refused)
  })

  it.each([
    ['no signature', { payloadType: 'a', payload: '', signatures: [] }],
    ['URL-safe base64', { payloadType: 'a', payload: '-_-_', signatures: [{ keyid: 'a', sig: '' }] }],
    ['no payload', { payloadType: 'a', signatures: [{ keyid: 'a', sig: '' }] }],
    ['no object', []],
  ])('refuses %s', (_, envelope) => {
    expect(() => parseEnvelope(canonicalBytes(envelope))).toThrow(
      expect.objectContaining({ code: 'envelope' }),
    )
  })

  it('refuses a payload named twice', () => {
    const text = `{"payload":"","payload":"AAAA","payloadType":"a","signatures":[{"keyid":"a","sig":""}]}`
    expect(() => parseEnvelope(utf8(text))).toThrow('twice')
  })
})

describe('a passkey signature', () => {
  const message = utf8('what is signed')
  let key: Awaited<ReturnType<typeof passkey>>
  beforeAll(async () => {
    key = await passkey()
  })

  it('holds over an envelope', async () => {
    const payload = utf8('{}')
    const known: EnvelopeKey = {
      algorithm: 'webauthn-es256',
      keyid: 'p',
      publicKey: key.publicKey,
      rpId: key.rpId,
      origin: key.origin,
    }
    const envelope = {
      payloadType: 'a',
      payload,
      signatures: [{ keyid: 'p', sig: await key.sign(pae('a', payload)) }],
    }
    expect(await verifyEnvelope(envelope, [known])).toEqual([known])
    await expect(verifyEnvelope({ ...envelope, payloadType: 'b' }, [known])).rejects.toMatchObject({
      code: 'signature',
    })
  })

  it.each<[string, Lapse]>([
    ['ceremony', { type: 'webauthn.create' }],
    ['challenge', { challenge: base64(new Uint8Array(33)) }],
    ['another origin', { origin: 'https://avouch.example.org' }],
    ['inside a page', { crossOrigin: true }],
    ['relying party', { rpId: 'example.org' }],
    ['present', { flags: 0x04 }],
    ['verified by', { flags: 0x01 }],
  ])('is refused for its %s', async (why, lapse) => {
    await expect(verifyAssertion(key, message, await key.sign(message, lapse))).rejects.toThrow(why)
  })

  it('is refused after any change, and by another key', async () => {
    const sig = await key.sign(message)
    await verifyAssertion(key, message, sig)
    await fc.assert(
      fc.asyncProperty(fc.nat(sig.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const copy = new Uint8Array(sig)
        copy[at]! ^= mask
        await expect(verifyAssertion(key, message, copy)).rejects.toMatchObject({
          name: 'VerifyError',
          code: 'signature',
        })
      }),
      { numRuns: 100 },
    )
    await expect(verifyAssertion(await passkey(), message, sig)).rejects.toThrow('ES256')
  })

  it('turns every DER signature into r and s, and refuses other spellings', () => {
    const half = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(half, half, (r, s) => {
        const raw = Uint8Array.from([...r, ...s])
        expect(hex(rawSignature(der(raw)))).toBe(hex(raw))
      }),
    )
    const padded = [0x30, 8, 2, 2, 0, 1, 2, 2, 0, 1]
    const wrong = [
      [],
      padded,
      [0x30, 6, 2, 1, 1, 2, 1, 129],
      [0x30, 7, 2, 1, 1, 2, 1, 1, 0],
      [0x31, 6, 2, 1, 1, 2, 1, 1],
      [0x30, 6, 2, 1, 1, 2, 2, 1],
      [0x30, 6, 2, 0, 2, 2, 1, 1],
    ]
    for (const bytes of wrong)
      expect(() => rawSignature(Uint8Array.from(bytes))).toThrow(
        expect.objectContaining({ code: 'signature' }),
      )
  })
})
