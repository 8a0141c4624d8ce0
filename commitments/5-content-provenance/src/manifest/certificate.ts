import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto'
import { BIT_STRING, der, INTEGER, integer, OCTET_STRING, oid, readDer, SEQUENCE, SET } from './der.ts'

const ECDSA_SHA256 = der(SEQUENCE, oid('1.2.840.10045.4.3.2'))
const YES = der(0x01, Buffer.of(0xff))
const DAY = 86_400_000

export type Keys = { privateKey: KeyObject; publicKey: KeyObject }

/** A certificate as X.509 and its key; made here, for tests of whole installations. */
export type Issued = { certificate: X509Certificate; privateKey: KeyObject; name: Buffer }

/** A key on P-256. */
export function newKeys(): Keys {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

/** A root that may issue certificates for ten years, signed by itself. */
export function issueRoot(organisation: string, now: Date): Issued {
  const keys = newKeys()
  const name = nameOf(organisation, `${organisation} test root`)
  const extensions = [
    extension('2.5.29.19', der(SEQUENCE, YES), true),
    extension('2.5.29.15', bits(0x06), true),
    extension('2.5.29.14', der(OCTET_STRING, keyId(keys.publicKey))),
  ]
  const certificate = issue(
    { name, keys, extensions, days: 3650, now },
    { name, privateKey: keys.privateKey },
  )
  return { certificate, privateKey: keys.privateKey, name }
}

/**
 * A signer's certificate as C2PA 2.x profiles them: no authority, digital signature, the extended key usage for C2PA claims
 * and document signing, key identifiers of itself and its issuer. Valid for two years.
 */
export function issueSigner(
  root: Issued,
  organisation: string,
  uses: readonly string[],
  now: Date,
  given: {
    /** Whether others must understand the uses, as RFC 3161 asks of time-stamping. */
    critical?: boolean
    /** Of the signer; made here where none are given. */
    keys?: Keys | undefined
  } = {},
): Issued {
  const { critical = false, keys = newKeys() } = given
  const name = nameOf(organisation, `${organisation} content signing`)
  const extensions = [
    extension('2.5.29.19', der(SEQUENCE), true),
    extension('2.5.29.15', bits(0x80), true),
    extension('2.5.29.37', der(SEQUENCE, ...uses.map(oid)), critical),
    extension('2.5.29.14', der(OCTET_STRING, keyId(keys.publicKey))),
    extension('2.5.29.35', der(SEQUENCE, der(0x80, keyId(root.certificate.publicKey)))),
  ]
  const certificate = issue({ name, keys, extensions, days: 730, now }, root)
  return { certificate, privateKey: keys.privateKey, name }
}

function issue(
  of: { name: Buffer; keys: Keys; extensions: Buffer[]; days: number; now: Date },
  by: { name: Buffer; privateKey: KeyObject },
): X509Certificate {
  const from = new Date(of.now.getTime() - DAY)
  const serial = randomBytes(16)
  serial[0]! &= 0x7f
  serial[0]! |= 0x40
  const body = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.of(2))),
    integer(serial),
    ECDSA_SHA256,
    by.name,
    der(SEQUENCE, time(from), time(new Date(of.now.getTime() + of.days * DAY))),
    of.name,
    of.keys.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, ...of.extensions)),
  )
  const signature = sign('sha256', body, by.privateKey)
  return new X509Certificate(der(SEQUENCE, body, ECDSA_SHA256, der(BIT_STRING, Buffer.of(0), signature)))
}

function nameOf(organisation: string, common: string): Buffer {
  const part = (type: string, text: string): Buffer =>
    der(SET, der(SEQUENCE, oid(type), der(0x0c, Buffer.from(text))))
  return der(SEQUENCE, part('2.5.4.10', organisation), part('2.5.4.3', common))
}

function extension(type: string, value: Buffer, critical = false): Buffer {
  return der(SEQUENCE, oid(type), ...(critical ? [YES] : []), der(OCTET_STRING, value))
}

function bits(octet: number): Buffer {
  let unused = 0
  while (((octet >> unused) & 1) === 0) unused++
  return der(BIT_STRING, Buffer.of(unused, octet))
}

/** SHA-1 of the key's bits, by which RFC 5280 (4.2.1.2) names keys; nothing rests on its strength. */
function keyId(key: KeyObject): Buffer {
  const info = readDer(key.export({ type: 'spki', format: 'der' }))!
  const algorithm = readDer(info.content)!
  const bitString = readDer(info.content, algorithm.end)!
  return createHash('sha1').update(bitString.content.subarray(1)).digest()
}

/** UTCTime up to 2049, as RFC 5280 asks. */
function time(date: Date): Buffer {
  const text = date.toISOString().replace(/[-:T]/g, '').slice(0, 14)
  return date.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(`${text.slice(2)}Z`))
    : der(0x18, Buffer.from(`${text}Z`))
}
