import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Custody, CustodyNode } from './custody.ts'
import { drawCustody } from './draw.ts'
import { custodySvg } from './svg.ts'

const node = (digest: string, more: Partial<CustodyNode> = {}): CustodyNode => ({
  digest: digest.padEnd(64, '0'),
  released: false,
  signed: true,
  pinned: true,
  origin: false,
  gap: false,
  circle: false,
  retired: false,
  fork: false,
  made: [],
  moves: [],
  ...more,
})

function custody(nodes: CustodyNode[], pairs: [number, number][]): Custody {
  const links = pairs.map(([from, to]) => ({
    from: nodes[from]!.digest,
    to: nodes[to]!.digest,
    step: 'quantise' as const,
    at: '2026-01-02T00:00:00Z',
    evidence: [],
    signed: true,
    afterRetirement: false,
  }))
  return { release: 'example@1', complete: false, released: [], nodes, links, problems: [] }
}

const graph = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 14 }))
  .map(([size, pairs]) =>
    custody(
      Array.from({ length: size }, (_, n) => node(`${n}`)),
      pairs.map(([from, to]) => [from % size, to % size]),
    ),
  )

describe('a drawing of custody', () => {
  it('ends and shows every digest in full exactly once, whatever circles there are', () => {
    fc.assert(
      fc.property(graph, (given) => {
        const lines = drawCustody(given).join('\n')
        for (const { digest } of given.nodes)
          expect(lines.split(`${digest.slice(0, 12)}…  [`)).toHaveLength(2)
        const svg = custodySvg(given)
        expect(svg.split('<rect ')).toHaveLength(given.nodes.length + 1)
        expect(svg).not.toMatch(/NaN|undefined|Infinity/)
      }),
    )
  })

  it('tells a signer whom nobody pinned apart, in words', () => {
    const given = custody([node('a'), node('b', { pinned: false }), node('c', { signed: false })], [])
    const told = ['signed]', 'signed, signer NOT PINNED]', 'NOT SIGNED]']
    for (const [i, line] of drawCustody(given).slice(1, 4).entries()) expect(line).toContain(told[i])
    const svg = custodySvg(given)
    for (const words of ['>signed<', '>signed, signer not pinned<', '>not signed<'])
      expect(svg.split(words)).toHaveLength(2)
  })

  it('goes as deep as a chain does', () => {
    const nodes = Array.from({ length: 3_000 }, (_, n) => node(n.toString(16).padStart(12, 'a')))
    const long = custody(
      nodes,
      nodes.slice(1).map((_, n) => [n, n + 1]),
    )
    expect(drawCustody(long)).toHaveLength(3_001)
    expect(custodySvg(long)).toContain('2700 are not drawn')
  })

  it('is well-formed and steers nothing, whatever names say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
        const given = { ...custody([node('a', { name })], []), release: `x@${name}` }
        const body = custodySvg(given).replace(/<style>[^<]*<\/style>/, '')
        // only markup of our own: taken away, no bracket is left
        expect(
          body.replace(/<\/?(?:svg|title|desc|defs|marker|path|g|rect|text)(?:\s[^<>]*)?>/g, ''),
        ).not.toMatch(/[<>]/)
        expect(drawCustody(custody([node('a', { name })], [])).join('')).not.toMatch(/[\p{C}]/u)
      }),
    )
  })
})
