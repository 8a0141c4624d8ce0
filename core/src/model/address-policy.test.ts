import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refuseAddress, refuseHost } from './address-policy.ts'

describe('the address policy', () => {
  it.each([
    ['127.0.0.1', 'a loopback address'],
    ['127.255.1.2', 'a loopback address'],
    ['::1', 'a loopback address'],
    ['[::1]', 'a loopback address'],
    ['10.1.2.3', 'a private address'],
    ['172.31.255.255', 'a private address'],
    ['192.168.0.1', 'a private address'],
    ['169.254.1.1', 'a link-local address'],
    ['fe80::1%eth0', 'a link-local address'],
    ['fd12:3456::1', 'a unique local address'],
    ['100.64.0.1', 'a shared (carrier-grade NAT) address'],
    ['::ffff:127.0.0.1', 'a loopback address'],
    ['::ffff:7f00:1', 'a loopback address'],
    ['64:ff9b::10.0.0.1', 'a private address'],
    ['2002:7f00:1::', 'a loopback address'],
    ['2001:0:1:2:3:4:80ff:fffe', 'a loopback address'],
    ['not an address', 'no IP address'],
  ])('refuses %s as %s', (address, why) => {
    expect(refuseAddress(address, false)).toBe(why)
  })

  it.each(['127.0.0.1', '::1', '10.1.2.3', '169.254.1.1', 'fd12::1', '100.64.0.1', '::ffff:127.0.0.1'])(
    'lets %s through where private addresses are allowed',
    (address) => {
      expect(refuseAddress(address, true)).toBeUndefined()
    },
  )

  it.each([
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '100.100.100.200',
    'fd00:ec2::254',
    '224.0.0.1',
    'ff02::1',
    '255.255.255.255',
    '0.0.0.0',
    '::',
    '240.0.0.1',
  ])('refuses %s even where private addresses are allowed', (address) => {
    expect(refuseAddress(address, true)).toBeDefined()
  })

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    '2002:808:808::',
  ])('lets %s through', (address) => {
    expect(refuseAddress(address, false)).toBeUndefined()
  })

  it('judges IPv4 the same in every IPv6 clothing', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.boolean(), (address, allowPrivate) => {
        const plain = refuseAddress(address, allowPrivate)
        for (const clothed of [`::ffff:${address}`, `64:ff9b::${address}`])
          expect(refuseAddress(clothed, allowPrivate) === undefined).toBe(plain === undefined)
      }),
    )
  })

  it('never throws, and answers for every IPv6 address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), fc.string()), (address) => {
        expect(['string', 'undefined']).toContain(typeof refuseAddress(address, true))
      }),
    )
  })

  it('judges names before they are resolved', () => {
    expect(refuseHost('localhost', false)).toBe('a loopback name')
    expect(refuseHost('a.LOCALHOST.', false)).toBe('a loopback name')
    expect(refuseHost('localhost', true)).toBeUndefined()
    expect(refuseHost('metadata.google.internal', true)).toBe('an instance-metadata name')
    expect(refuseHost('example.com', false)).toBeUndefined()
    // The URL parser turns every spelling of an address into the plain one.
    expect(refuseHost(new URL('http://2130706433/').hostname, false)).toBe('a loopback address')
    expect(refuseHost(new URL('http://0x7f.1/').hostname, false)).toBe('a loopback address')
  })
})
