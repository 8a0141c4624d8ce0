import { BlockList, isIP, isIPv6 } from 'node:net'

/** Why an address is refused, in words for an error: "a loopback address". */
export type Refusal = string

type Rule = { why: Refusal; always: boolean; list: BlockList }

/**
 * The special-purpose ranges of IANA's registries (RFC 6890) that no model or peer is served from, and the addresses
 * clouds answer instance metadata on. `always`: refused even where private addresses are allowed.
 */
const RULES: Rule[] = [
  rule('an instance-metadata address', true, [
    '169.254.169.254/32',
    '169.254.170.2/32',
    '169.254.170.23/32',
    '100.100.100.200/32',
    '168.63.129.16/32',
    '192.0.0.192/32',
    'fd00:ec2::254/128',
    'fd00:ec2::23/128',
    'fd20:ce::254/128',
    'fe80::a9fe:a9fe/128',
  ]),
  rule('a multicast or broadcast address', true, ['224.0.0.0/4', '255.255.255.255/32', 'ff00::/8']),
  rule('an unspecified address', true, ['0.0.0.0/8', '::/128']),
  rule('a reserved address', true, [
    '240.0.0.0/4',
    '192.0.0.0/24',
    '192.88.99.0/24',
    '100::/64',
    '5f00::/16',
  ]),
  rule('an address for documentation', true, [
    '192.0.2.0/24',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '2001:db8::/32',
    '3fff::/20',
  ]),
  rule('a loopback address', false, ['127.0.0.0/8', '::1/128']),
  rule('a private address', false, ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']),
  rule('a link-local address', false, ['169.254.0.0/16', 'fe80::/10']),
  rule('a unique local address', false, ['fc00::/7', 'fec0::/10']),
  rule('a shared (carrier-grade NAT) address', false, ['100.64.0.0/10']),
  rule('a benchmarking address', false, ['198.18.0.0/15', '2001:2::/48']),
]

const METADATA_NAMES = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data.ec2.internal',
])

/**
 * Whether an IP address (in text, without brackets or with) may be connected to. Returns why not, or undefined.
 * IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo) is judged by the IPv4 address it leads to.
 */
export function refuseAddress(address: string, allowPrivate: boolean): Refusal | undefined {
  const plain = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  const family = isIP(plain)
  if (family === 0) return 'no IP address'
  for (const { why, always, list } of RULES)
    if ((always || !allowPrivate) && list.check(plain, family === 6 ? 'ipv6' : 'ipv4')) return why
  const inner = family === 6 ? embeddedIpv4(plain) : undefined
  return inner === undefined ? undefined : refuseAddress(inner, allowPrivate)
}

/**
 * Judges a URL's host before it is resolved: IP addresses by the policy, names that stand for this machine or for
 * instance metadata by their name. Any other name is undefined here and is judged again by what it resolves to.
 */
export function refuseHost(hostname: string, allowPrivate: boolean): Refusal | undefined {
  const name = hostname.toLowerCase().replace(/\.$/, '')
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0) return refuseAddress(name, allowPrivate)
  if (METADATA_NAMES.has(name)) return 'an instance-metadata name'
  if (!allowPrivate && (name === 'localhost' || name.endsWith('.localhost'))) return 'a loopback name'
  return undefined
}

function rule(why: Refusal, always: boolean, ranges: string[]): Rule {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/')
    list.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4')
  }
  return { why, always, list }
}

function embeddedIpv4(address: string): string | undefined {
  const words = wordsOf(address)
  if (!words) return undefined
  const dotted = (high: number, low: number): string => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
  const [a, b, c, d, e, f, g, h] = words as [number, number, number, number, number, number, number, number]
  const zero = (...parts: number[]): boolean => parts.every((part) => part === 0)
  if (zero(a, b, c, d, e) && f === 0xffff) return dotted(g, h)
  // IPv4-compatible (RFC 4291, deprecated), but not :: and ::1.
  if (zero(a, b, c, d, e, f) && (g !== 0 || h > 1)) return dotted(g, h)
  if (zero(a, b, c, d, f) && e === 0xffff) return dotted(g, h)
  if (a === 0x64 && b === 0xff9b) return dotted(g, h)
  if (a === 0x2002) return dotted(b, c)
  if (a === 0x2001 && b === 0) return dotted(g ^ 0xffff, h ^ 0xffff)
  return undefined
}

function wordsOf(address: string): number[] | undefined {
  const text = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, p, q, r, s) => {
    const hex = (high: string, low: string): string => ((Number(high) << 8) | Number(low)).toString(16)
    return `${hex(p, q)}:${hex(r, s)}`
  })
  const [before = '', after] = text.split('::')
  const left = before === '' ? [] : before.split(':')
  const right = after === undefined || after === '' ? [] : after.split(':')
  const gap = after === undefined ? 0 : 8 - left.length - right.length
  const words = [...left, ...Array<string>(Math.max(0, gap)).fill('0'), ...right].map((word) =>
    parseInt(word, 16),
  )
  return words.length === 8 && words.every(Number.isInteger) ? words : undefined
}
