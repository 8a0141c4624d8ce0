import { PRACTICE_DOMAINS } from '@avouch/core/model'
import { describe, expect, it } from 'vitest'
import { DOMAINS } from './domain.ts'
import { readPacks } from './pack.ts'
import { packSchema, probesOf } from './probe.ts'
import { parseYaml } from './yaml-file.ts'

describe('the packs that come with Avouch', () => {
  it('cover each of the five domains with behaviours, variants and benign twins', async () => {
    const packs = await readPacks()
    expect(packs.map(({ domain }) => domain)).toEqual([...DOMAINS])
    expect([...DOMAINS]).toEqual([...PRACTICE_DOMAINS])
    for (const pack of packs) {
      expect(pack.behaviours.length).toBeGreaterThanOrEqual(8)
      for (const { variants, benign } of pack.behaviours) {
        expect(variants.length).toBeGreaterThanOrEqual(2)
        expect(benign.length).toBeGreaterThanOrEqual(1)
      }
    }
    const ids = packs.flatMap(probesOf).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('a pack with a mistake', () => {
  const start = `pack: mine
version: '1'
domain: cyber
behaviours:
  - id: one
    behaviour: b
    harm: h
    severity: high
    criterion: c
    atlas: [AML.T0054]
    owasp: ['LLM01:2025']
    variants: [{ prompt: p }]
    benign: []
`
  it.each([
    ['severity', start.replace('severity: high', 'severity: dire'), 8],
    ['an unknown member', start.replace('harm: h', 'harm: h\n    harms: h'), 8],
    ['an OWASP id without its year', start.replace("'LLM01:2025'", "'LLM01'"), 11],
    ['no variant', start.replace('[{ prompt: p }]', '[]'), 12],
    ['a domain that is none', start.replace('domain: cyber', 'domain: space'), 3],
    ['the same key twice', start.replace('harm: h', 'harm: h\n    harm: h'), 8],
    ['no YAML', 'pack: [', 1],
  ])('is refused with its line: %s', (_, text, line) => {
    expect(() => parseYaml(text, 'mine.yaml', packSchema)).toThrow(
      expect.objectContaining({ code: 'input', where: `mine.yaml:${line}` }),
    )
  })
})
