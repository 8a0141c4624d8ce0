import { verify } from 'node:crypto'
import { z } from 'zod'
import { chainTo, readJsonDocument, refused, trustedRoot, unreadable } from '../document.ts'
import type { Verifier } from '../verifier.ts'

const WHAT = 'report of AMD SEV-SNP'
const REPORT_BYTES = 0x4a0
const SIGNATURE_AT = 0x2a0
/** r and s are little-endian in 72 bytes each; P-384 fills 48 of them. */
const FIELD_BYTES = 72
const SCALAR_BYTES = 48
const ECDSA_P384_SHA384 = 1
const DEBUG = 1n << 19n

const base64 = z.string().max(20_000)
const documentSchema = z.strictObject({
  /** ATTESTATION_REPORT as the firmware gives it, base64. */
  report: base64,
  /** DER in base64: the chip's certificate (VCEK or VLEK), then its issuers. */
  certificates: z.array(base64).min(1).max(5),
})

/**
 * An attestation report of AMD SEV-SNP (SEV Secure Nested Paging Firmware ABI, table ATTESTATION_REPORT), with its
 * certificates, as JSON `{report, certificates}`. The nonce stands in the first 32 bytes of REPORT_DATA, the rest of
 * which is zero. Measured: `measurement` (the launch digest), `host-data`, `id-key-digest`, `author-key-digest`, `vmpl`,
 * `guest-svn`, `tcb` (REPORTED_TCB, hex, big-endian).
 */
export default {
  name: 'sev-snp',
  title: 'AMD SEV-SNP attestation report',
  trust: 'the root certificate of AMD (ARK) for the processor family, in PEM',
  trusted: trustedRoot,
  missing: [
    'whether chip id and TCB of the certificate are those of the report',
    'revocation of certificates',
    'a report of a real processor among our tests: they make their own, of the published layout',
  ],
  verify(document, { trust, now }) {
    const given = readJsonDocument(document, documentSchema, WHAT)
    const report = Buffer.from(given.report, 'base64')
    if (report.length !== REPORT_BYTES)
      throw unreadable(WHAT, `it has ${report.length} bytes instead of ${REPORT_BYTES}`)
    const version = report.readUInt32LE(0)
    if (version < 2 || version > 5) throw unreadable(WHAT, `it is of version ${version}`)
    if (report.readUInt32LE(0x34) !== ECDSA_P384_SHA384)
      throw unreadable(WHAT, 'it is not signed by ECDSA on P-384 with SHA-384')
    const chain = given.certificates.map((one) => Buffer.from(one, 'base64'))
    const chip = chainTo(trustedRoot(trust), chain, now, WHAT)
    if (chip.publicKey.asymmetricKeyDetails?.namedCurve !== 'secp384r1')
      throw refused(WHAT, 'the key of its certificate is not of the curve P-384')
    const key = { key: chip.publicKey, dsaEncoding: 'ieee-p1363' as const }
    if (!verify('sha384', report.subarray(0, SIGNATURE_AT), key, signatureOf(report)))
      throw refused(WHAT, 'its signature is not that of the chip’s certificate')
    if ((report.readBigUInt64LE(0x08) & DEBUG) !== 0n) throw refused(WHAT, 'its guest may be debugged')
    const data = report.subarray(0x50, 0x90)
    if (data.subarray(32).some((byte) => byte !== 0))
      throw refused(WHAT, 'its report data hold more than a nonce of 32 bytes')
    const hex = (at: number, length: number): string => report.subarray(at, at + length).toString('hex')
    return {
      measurement: {
        measurement: hex(0x90, 48),
        'host-data': hex(0xc0, 32),
        'id-key-digest': hex(0xe0, 48),
        'author-key-digest': hex(0x110, 48),
        vmpl: String(report.readUInt32LE(0x30)),
        'guest-svn': String(report.readUInt32LE(0x04)),
        tcb: report.readBigUInt64LE(0x180).toString(16).padStart(16, '0'),
      },
      nonce: Buffer.from(data.subarray(0, 32)),
    }
  },
} satisfies Verifier

function signatureOf(report: Buffer): Buffer {
  const scalars = [0, 1].map((n) => {
    const field = report.subarray(SIGNATURE_AT + n * FIELD_BYTES, SIGNATURE_AT + (n + 1) * FIELD_BYTES)
    if (field.subarray(SCALAR_BYTES).some((byte) => byte !== 0))
      throw unreadable(WHAT, 'its signature is larger than the curve')
    return Buffer.from(field.subarray(0, SCALAR_BYTES)).reverse()
  })
  return Buffer.concat(scalars)
}
