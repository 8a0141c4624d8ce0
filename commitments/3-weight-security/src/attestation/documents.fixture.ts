import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import {
  authority,
  keyUsage,
  type TestCertificate,
  testCertificate,
  testKey,
} from '../signing/test-certificate.ts'
import { signedBytes as coseBytes } from './verifiers/nitro.ts'
import { signedBytes as statementBytes } from './verifiers/signed-statement.ts'

/** Makes attestation documents of the published layouts, for tests; nothing of the product makes them. */

const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()

export function statementKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { privateKey, trust: pemOf(publicKey) }
}

export function makeStatement(
  privateKey: KeyObject,
  given: { nonce: Buffer; environment?: string; image?: string; time?: Date },
): Buffer {
  const { nonce, environment = 'lab', image = 'a1', time = new Date() } = given
  const statement = {
    environment,
    measurement: { image },
    nonce: nonce.toString('hex'),
    time: time.toISOString(),
  }
  const signature = sign(null, statementBytes(statement), privateKey).toString('base64')
  return Buffer.from(JSON.stringify({ statement, signature }))
}

/** A root, an authority under it and a P-384 key's certificate under that. */
export function hardwareChain(): { root: TestCertificate; middle: TestCertificate; leaf: TestCertificate } {
  const root = testCertificate('Example Maker', { extensions: [authority(), keyUsage(0x04)] })
  const middle = testCertificate('Example Family', {
    issuer: root,
    extensions: [authority(), keyUsage(0x04)],
  })
  const leaf = testCertificate('Example Chip', {
    issuer: middle,
    key: testKey('P-384'),
    extensions: [keyUsage(0x80)],
  })
  return { root, middle, leaf }
}

type Item = number | string | Uint8Array | Item[] | Map<number | string, Item>

/** CBOR of definite lengths. */
export function cbor(item: Item): Buffer {
  const head = (major: number, n: number): Buffer => {
    if (n < 24) return Buffer.of((major << 5) | n)
    if (n < 0x100) return Buffer.of((major << 5) | 24, n)
    if (n < 0x10000) return Buffer.of((major << 5) | 25, n >> 8, n & 255)
    const large = Buffer.alloc(9, (major << 5) | 27)
    large.writeBigUInt64BE(BigInt(n), 1)
    return large
  }
  if (typeof item === 'number') return item < 0 ? head(1, -1 - item) : head(0, item)
  if (typeof item === 'string') return Buffer.concat([head(3, Buffer.byteLength(item)), Buffer.from(item)])
  if (item instanceof Uint8Array) return Buffer.concat([head(2, item.length), item])
  if (Array.isArray(item)) return Buffer.concat([head(4, item.length), ...item.map(cbor)])
  return Buffer.concat([head(5, item.size), ...[...item].flatMap(([key, value]) => [cbor(key), cbor(value)])])
}

export function makeNitro(
  { root, middle, leaf }: ReturnType<typeof hardwareChain>,
  given: { nonce: Buffer; pcr0?: Buffer; at?: Date; bundle?: TestCertificate[]; algorithm?: number },
): Buffer {
  const {
    nonce,
    pcr0 = Buffer.alloc(48, 7),
    at = new Date(),
    bundle = [root, middle],
    algorithm = -35,
  } = given
  const payload = cbor(
    new Map<string, Item>([
      ['module_id', 'i-example-enc0'],
      ['digest', 'SHA384'],
      ['timestamp', at.getTime()],
      [
        'pcrs',
        new Map<number, Item>([
          [0, pcr0],
          [1, Buffer.alloc(48, 8)],
          [3, Buffer.alloc(48)],
        ]),
      ],
      ['certificate', leaf.der],
      ['cabundle', bundle.map(({ der }) => der)],
      ['public_key', Buffer.alloc(0)],
      ['nonce', nonce],
    ]),
  )
  const header = cbor(new Map([[1, algorithm]]))
  const key = { key: leaf.key.privateKey, dsaEncoding: 'ieee-p1363' as const }
  const signature = sign('sha384', coseBytes(header, payload), key)
  return cbor([header, new Map(), payload, signature])
}

export function makeSnp(
  chain: ReturnType<typeof hardwareChain>,
  given: { nonce: Buffer; change?: (report: Buffer) => void },
): Buffer {
  const report = randomBytes(0x4a0)
  report.writeUInt32LE(2, 0x00)
  report.writeBigUInt64LE(0x30000n, 0x08)
  report.writeUInt32LE(0, 0x30)
  report.writeUInt32LE(1, 0x34)
  report.fill(0, 0x50, 0x90)
  given.nonce.copy(report, 0x50)
  report.fill(9, 0x90, 0xc0)
  given.change?.(report)
  const key = { key: chain.leaf.key.privateKey, dsaEncoding: 'ieee-p1363' as const }
  const signature = sign('sha384', report.subarray(0, 0x2a0), key)
  report.fill(0, 0x2a0)
  Buffer.from(signature.subarray(0, 48)).reverse().copy(report, 0x2a0)
  Buffer.from(signature.subarray(48))
    .reverse()
    .copy(report, 0x2a0 + 72)
  const certificates = [chain.leaf, chain.middle, chain.root].map(({ der }) => der.toString('base64'))
  return Buffer.from(JSON.stringify({ report: report.toString('base64'), certificates }))
}

const sized = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 255), bytes])

export function tpmKey(kind: 'rsa' | 'ec') {
  const { privateKey, publicKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { privateKey, trust: pemOf(publicKey) }
}

export function makeQuote(
  privateKey: KeyObject,
  given: { nonce: Buffer; values?: Record<number, string>; shown?: Record<number, string>; magic?: number },
): Buffer {
  const {
    nonce,
    values = { 0: 'aa'.repeat(32), 7: 'bb'.repeat(32) },
    shown = values,
    magic = 0xff544347,
  } = given
  const head = Buffer.alloc(6)
  head.writeUInt32BE(magic)
  head.writeUInt16BE(0x8018, 4)
  const bits = Buffer.alloc(3)
  for (const pcr of Object.keys(values).map(Number)) bits[pcr >> 3]! |= 1 << (pcr & 7)
  const selection = Buffer.concat([Buffer.from([0, 0, 0, 1, 0x00, 0x0b, 3]), bits])
  const digest = createHash('sha256').update(Object.values(values).join(''), 'hex').digest()
  const quoted = Buffer.concat([
    ...[head, sized(Buffer.alloc(34, 1)), sized(nonce), Buffer.alloc(17, 2), Buffer.alloc(8, 3)],
    ...[selection, sized(digest)],
  ])
  const isRsa = privateKey.asymmetricKeyType === 'rsa'
  const made = sign('sha256', quoted, isRsa ? privateKey : { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const signature = isRsa
    ? Buffer.concat([Buffer.from([0x00, 0x14, 0x00, 0x0b]), sized(made)])
    : Buffer.concat([
        Buffer.from([0x00, 0x18, 0x00, 0x0b]),
        sized(made.subarray(0, 32)),
        sized(made.subarray(32)),
      ])
  const pcrs = { sha256: shown }
  return Buffer.from(
    JSON.stringify({ quoted: quoted.toString('base64'), signature: signature.toString('base64'), pcrs }),
  )
}
