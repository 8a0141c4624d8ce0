import { describe, expect, it } from 'vitest'
import { importResult } from '../../src/evidence.ts'
import { draftOf } from '../../src/import.ts'
import { formatOf } from '../../src/import-formats.ts'
import { tally } from '../../src/import-tally.ts'
import { bytes } from './bytes-source.ts'
import { garakReport, inspectJson, promptfooResults, pyritJson } from './make-fixtures.ts'

const about = { release: 'example-model@1.0', snapshot: 'id:example', configuration: 'bare' as const }
/** What objects have of themselves, or may not be asked by. */
const NAMES = ['constructor', 'toString', 'hasOwnProperty', 'prototype', '']

async function fieldsOf(name: string, content: string) {
  const source = bytes(name, content, 4096)
  const format = await formatOf(source)
  const read = await tally(source, format, format.places, {}, Buffer.alloc(32))
  const { fields } = draftOf(
    {
      source,
      tool: format.name,
      sha256: 'a'.repeat(64),
      tally: read,
      rules: {},
      only: undefined,
      version: format.version,
      id: '00000000-0000-4000-8000-000000000000',
      key: Buffer.alloc(32),
      wrapped: Buffer.alloc(1),
    },
    about,
  )
  return importResult.schema.parse(JSON.parse(JSON.stringify(fields)))
}

describe('names that objects have of themselves', () => {
  it.each(NAMES)('%j as a strategy and a plugin counts like any other', async (name) => {
    const rows = [
      { plugin: 'ssrf', strategy: name || 'x', pass: false },
      { plugin: 'ssrf', strategy: 'basic', pass: true },
      { plugin: name || 'x', pass: true },
    ]
    const fields = await fieldsOf('r.json', promptfooResults(rows))
    expect(fields.ledger).toMatchObject({ planned: 3, graded: 3 })
    expect(fields.rates.cyber).toMatchObject({ value: 0.5, n: 2 })
    expect(Object.hasOwn(fields.strategyRates, name || 'x')).toBe(true)
    expect(Object.hasOwn(fields.mapping, name || 'x')).toBe(true)
    expect(Object.entries(fields.mapping).find(([key]) => key === (name || 'x'))?.[1]).toBe('unmapped')
  })

  it('as a strategy is refused where a record would lose it', async () => {
    for (const strategy of ['__proto__', 'half \ud83d']) {
      const rows = [{ plugin: 'ssrf', strategy, pass: false }]
      await expect(fieldsOf('r.json', promptfooResults(rows)), strategy).rejects.toMatchObject({
        code: 'input',
        where: 'r.json, row-0',
      })
    }
  })

  it.each([...NAMES, '__proto__'])(
    '%j as a probe, a task and a category is read or refused',
    async (name) => {
      for (const [file, content] of [
        ['r.report.jsonl', garakReport([{ probe: name, scores: [1, 0] }])],
        ['log.json', inspectJson(name || 'x', [{ id: name || 'x', value: 'C' }])],
        ['memory.json', pyritJson([{ harm: name || 'x', score: 'True' }])],
      ] as const) {
        const found = await fieldsOf(file, content).catch((error: { code?: string }) => error.code)
        if (typeof found === 'object') {
          expect(found.ledger.planned, file).toBeGreaterThan(0)
          expect(Object.values(found.mapping), file).not.toContain(undefined)
        } else expect(found, file).toBe('input')
      }
    },
  )
})
