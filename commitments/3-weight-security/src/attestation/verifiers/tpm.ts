import { constants, createHash, verify } from 'node:crypto'
import { z } from 'zod'
import { readJsonDocument, refused, trustedKey, unreadable } from '../document.ts'
import type { Verifier } from '../verifier.ts'

const WHAT = 'TPM quote'
/** TPM 2.0 Library, part 2: TPM_GENERATED_VALUE, TPM_ST_ATTEST_QUOTE, and the algorithms that count. */
const GENERATED = 0xff544347
const QUOTE = 0x8018
const HASHES = new Map([
  [0x000b, 'sha256'],
  [0x000c, 'sha384'],
  [0x000d, 'sha512'],
])
const RSASSA = 0x0014
const RSAPSS = 0x0016
const ECDSA = 0x0018

const base64 = z.string().max(10_000)
const documentSchema = z.strictObject({
  /** TPMS_ATTEST and TPMT_SIGNATURE as `tpm2_quote` writes them (without the size before them), base64. */
  quoted: base64,
  signature: base64,
  /** The values that the quote hashes together: by bank, then by number, in hex. */
  pcrs: z.partialRecord(
    z.enum(['sha1', 'sha256', 'sha384', 'sha512']),
    z.record(z.string().regex(/^\d{1,2}$/), z.string().regex(/^(?:[0-9a-f]{2}){20,64}$/)),
  ),
})

/**
 * A quote of a TPM 2.0 (TPMS_ATTEST, TPM Library part 2, section 10.12) by an attestation key that the policy pins, with
 * the PCR values it quotes. Measured: `sha256-pcr0` and so on, those quoted and no others.
 */
export default {
  name: 'tpm',
  title: 'TPM 2.0 quote',
  trust: 'the public attestation key of the machine (RSA or P-256, P-384) in PEM',
  trusted: (trust) => trustedKey(trust, ['rsa', 'ec']),
  missing: [
    'that the key lives in a TPM: it is pinned, and no endorsement certificate is looked at',
    'event logs: PCR values are held against the policy as they are',
    'a quote of a real TPM among our tests: they make their own, of the published layout',
  ],
  verify(document, { trust }) {
    const given = readJsonDocument(document, documentSchema, WHAT)
    const quoted = Buffer.from(given.quoted, 'base64')
    const scheme = readSignature(Buffer.from(given.signature, 'base64'))
    const key = trustedKey(trust, ['rsa', 'ec'])
    if ((key.asymmetricKeyType === 'ec') !== (scheme.kind === ECDSA))
      throw refused(WHAT, 'it is signed in another way than by the trusted key')
    const padding = scheme.kind === RSAPSS ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
    const options =
      scheme.kind === ECDSA
        ? { key, dsaEncoding: 'ieee-p1363' as const }
        : { key, padding, ...(scheme.kind === RSAPSS && { saltLength: constants.RSA_PSS_SALTLEN_AUTO }) }
    const signature =
      scheme.kind === ECDSA ? joined(scheme.parts, key.asymmetricKeyDetails?.namedCurve) : scheme.parts[0]!
    if (!verify(scheme.hash, quoted, options, signature))
      throw refused(WHAT, 'its signature is not that of the trusted key')
    const { nonce, selected, digest } = readQuote(quoted)
    const values = selected.map(({ bank, pcr }) => {
      const value = given.pcrs[bank]?.[String(pcr)]
      if (value === undefined)
        throw unreadable(WHAT, `it quotes ${bank} PCR ${pcr}, whose value is not given`)
      return { name: `${bank}-pcr${pcr}`, value }
    })
    const hash = createHash(scheme.hash)
    for (const { value } of values) hash.update(value, 'hex')
    if (!hash.digest().equals(digest)) throw refused(WHAT, 'the PCR values are not those that it quotes')
    return { measurement: Object.fromEntries(values.map(({ name, value }) => [name, value])), nonce }
  },
} satisfies Verifier

type Bank = 'sha1' | 'sha256' | 'sha384' | 'sha512'

/** Takes big-endian fields in turn; throws `input` where one breaks off. */
function fields(bytes: Buffer) {
  let at = 0
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw unreadable(WHAT, 'it breaks off')
    at += length
    return bytes.subarray(at - length, at)
  }
  return {
    take,
    u8: () => take(1).readUInt8(),
    u16: () => take(2).readUInt16BE(),
    u32: () => take(4).readUInt32BE(),
    sized: () => take(take(2).readUInt16BE()),
    end: () => {
      if (at !== bytes.length) throw unreadable(WHAT, 'something follows it')
    },
  }
}

function readQuote(quoted: Buffer): {
  nonce: Buffer
  selected: { bank: Bank; pcr: number }[]
  digest: Buffer
} {
  const from = fields(quoted)
  if (from.u32() !== GENERATED) throw refused(WHAT, 'no TPM made it')
  if (from.u16() !== QUOTE) throw unreadable(WHAT, 'it attests something else')
  from.sized() // qualified name of the key
  const nonce = Buffer.from(from.sized())
  from.take(17 + 8) // clock, reset and restart counts, whether safe; firmware version
  const selected: { bank: Bank; pcr: number }[] = []
  const banks = from.u32()
  if (banks > 8) throw unreadable(WHAT, `it selects ${banks} banks`)
  for (let n = 0; n < banks; n++) {
    const algorithm = from.u16()
    const bank = algorithm === 0x0004 ? 'sha1' : HASHES.get(algorithm)
    if (bank === undefined) throw unreadable(WHAT, 'it selects a bank of an unknown hash')
    const bits = from.take(from.u8())
    for (let pcr = 0; pcr < bits.length * 8; pcr++)
      if (((bits[pcr >> 3] ?? 0) >> (pcr & 7)) & 1) selected.push({ bank: bank as Bank, pcr })
  }
  const digest = Buffer.from(from.sized())
  from.end()
  if (selected.length === 0) throw refused(WHAT, 'it quotes no PCR')
  return { nonce, selected, digest }
}

function readSignature(bytes: Buffer): { kind: number; hash: string; parts: Buffer[] } {
  const from = fields(bytes)
  const kind = from.u16()
  const hash = HASHES.get(from.u16())
  if (![RSASSA, RSAPSS, ECDSA].includes(kind) || hash === undefined)
    throw unreadable(WHAT, 'it is signed in a way that does not count')
  const parts = kind === ECDSA ? [from.sized(), from.sized()] : [from.sized()]
  from.end()
  return { kind, hash, parts: parts.map((part) => Buffer.from(part)) }
}

/** r and s at the curve's full length: a TPM may leave leading zeros out. */
function joined(parts: readonly Buffer[], curve: string | undefined): Buffer {
  const length = curve === 'secp384r1' ? 48 : 32
  return Buffer.concat(
    parts.map((part) => {
      if (part.length > length) throw unreadable(WHAT, 'its signature is larger than the curve')
      return Buffer.concat([Buffer.alloc(length - part.length), part])
    }),
  )
}
