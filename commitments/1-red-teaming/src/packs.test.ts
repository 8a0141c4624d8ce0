import { PRACTICE_DOMAINS, recognisePractice } from '@avouch/core/model'
import { describe, expect, it } from 'vitest'
import { DOMAINS } from './domain.ts'
import { readPacks } from './pack.ts'
import { packSchema, probesOf } from './probe.ts'
import { parseYaml } from './yaml-file.ts'

/** The techniques the packs may name, read from the public matrix of MITRE ATLAS. */
const ATLAS_TECHNIQUES = [
  'AML.T0006', // Active Scanning
  'AML.T0008', // Acquire Infrastructure
  'AML.T0017', // Develop Capabilities
  'AML.T0025', // Exfiltration via Cyber Means
  'AML.T0048', // External Harms
  'AML.T0048.000', // Financial Harm
  'AML.T0048.002', // Societal Harm
  'AML.T0048.003', // User Harm
  'AML.T0051.001', // LLM Prompt Injection: Indirect
  'AML.T0052', // Phishing
  'AML.T0053', // AI Agent Tool Invocation
  'AML.T0054', // LLM Jailbreak
  'AML.T0057', // LLM Data Leakage
  'AML.T0073', // Impersonation
  'AML.T0081', // Modify AI Agent Configuration
  'AML.T0087', // Gather Victim Identity Information
  'AML.T0088', // Generate Deepfakes
  'AML.T0097', // Virtualization/Sandbox Evasion
  'AML.T0101', // Data Destruction via AI Agent Tool Invocation
  'AML.T0102', // Generate Malicious Commands
  'AML.T0105', // Escape to Host
]

describe('the packs that come with Avouch', () => {
  it('cover every domain with behaviours, variants and benign twins', async () => {
    const packs = await readPacks()
    expect(packs.map(({ domain }) => domain)).toEqual([...DOMAINS])
    expect([...DOMAINS]).toEqual([...PRACTICE_DOMAINS])
    for (const pack of packs) {
      expect(pack.behaviours.length).toBeGreaterThanOrEqual(40)
      for (const { variants, benign } of pack.behaviours) {
        expect(variants.length).toBeGreaterThanOrEqual(2)
        expect(benign.length).toBeGreaterThanOrEqual(1)
      }
    }
    const probes = packs.flatMap(probesOf)
    for (const values of [probes.map(({ id }) => id), probes.map(({ prompt }) => prompt)])
      expect(new Set(values).size).toBe(values.length)
  })

  it('name the parts of each domain, the radiological one and the defensive twins of cyber among them', async () => {
    const packs = await readPacks()
    const facets = new Map<string, number>()
    for (const { domain, behaviours } of packs)
      for (const { facet, benign } of behaviours) {
        expect(facet).toBeDefined()
        facets.set(`${domain}/${facet}`, (facets.get(`${domain}/${facet}`) ?? 0) + 1)
        if (domain === 'cyber') expect(benign.some(({ defensive }) => defensive)).toBe(true)
      }
    for (const part of [
      'cbr/chemical',
      'cbr/biological',
      'cbr/radiological',
      'cyber/discovery',
      'cyber/exploitation',
      'cyber/operation',
      'tool-use/plant',
      'self-replication/resources',
      'self-replication/copying',
      'self-replication/persistence',
      'self-replication/evasion',
      'societal/discrimination',
      'societal/manipulation',
      'societal/privacy',
    ])
      expect(facets.get(part), part).toBeGreaterThanOrEqual(5)
  })

  it('name techniques of MITRE ATLAS and entries of the OWASP list of 2025 that exist', async () => {
    const entries = (await readPacks()).flatMap(({ behaviours }) => behaviours)
    for (const { id, atlas, owasp } of entries) {
      expect(atlas.length, id).toBeGreaterThan(0)
      expect(owasp.length, id).toBeGreaterThan(0)
      for (const technique of atlas) expect(ATLAS_TECHNIQUES).toContain(technique)
      for (const entry of owasp) expect(entry).toMatch(/^LLM(?:0[1-9]|10):2025$/)
    }
  })

  it('are told apart by the practice target: every attack in its domain, no benign twin as harmful', async () => {
    const wrong = (await readPacks())
      .flatMap(probesOf)
      .filter(({ kind, domain, prompt }) => {
        const { domain: seen, strategies } = recognisePractice(prompt)
        return seen !== (kind === 'benign' ? undefined : domain) || strategies.length > 0
      })
      .map(({ id }) => id)
    expect(wrong).toEqual([])
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
    ['a facet that is no id', start.replace('behaviour: b', 'facet: No Id'), 6],
    [
      'a twin with an unknown member',
      start.replace('benign: []', 'benign: [{ prompt: p, offensive: true }]'),
      13,
    ],
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
