import { createHash } from 'node:crypto'
import { formatFigure, parseFigures, parseJson, readPage } from '@avouch/verify'
import { beforeAll, expect, test } from 'vitest'
import { dressReport } from '../src/dress.ts'
import { coveredJson } from '../src/json.ts'
import { modelCard } from '../src/model-card.ts'
import { buildReport, type Report } from '../src/report.ts'
import { exampleInput, verdict } from './example.ts'

let report: Report
let html: string
beforeAll(async () => {
  report = buildReport(exampleInput())
  html = await dressReport(report)
})

test('every figure is shown, as verifiers read it, and leads to a note that leads back', () => {
  const { blocks, displayed } = readPage(html)
  const figures = parseFigures(
    parseJson(blocks.get('avouch-figures')!, { bytes: 1e6, depth: 20, values: 1e5 }),
  )
  expect(figures.map(({ id }) => id)).toEqual(report.notes.map(({ figure }) => figure.id))
  for (const { id, value, unit, source } of figures) {
    const shown = displayed.filter((one) => one.id === id)
    expect(shown.length).toBeGreaterThanOrEqual(2)
    for (const one of shown)
      expect(one).toEqual({ id, value: String(value), text: formatFigure(value, unit) })
    expect(html.includes(`href="#note-${id}"`)).toBe(true)
    expect(html.split(`id="at-${id}"`)).toHaveLength(2)
    expect(html.split(`id="note-${id}"`)).toHaveLength(2)
    expect(html.includes(source.evidence)).toBe(true)
  }
})

test('the page loads nothing, and its policy names its one script', () => {
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/i.exec(html) ?? []
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script!)
  expect(scripts).toHaveLength(1)
  expect(policy?.replaceAll('&#x27;', "'")).toContain(
    `script-src 'sha256-${createHash('sha256').update(scripts[0]!).digest('base64')}'`,
  )
  expect(html.match(/(?:src|href)="(?!#)/)?.[0]).toBeUndefined()
  expect(html.match(/url\((?!data:)/)?.[0]).toBeUndefined()
  expect(Buffer.byteLength(html)).toBeLessThan(600_000)
})

test('ids are unique and every link within the page leads somewhere, but the one that closes', () => {
  const markup = html.replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
  const ids = [...markup.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
  expect(ids).toHaveLength(new Set(ids).size)
  const links = new Set([...markup.matchAll(/ href="#([^"]*)"/g)].map(([, id]) => id!))
  links.delete('close')
  for (const id of ['6.2', '6.3', '6.5']) links.delete(`obligation-${id}`) // the example's verdict is not whole
  expect([...links].filter((id) => !ids.includes(id))).toEqual([])
})

test('a claim cannot break out of the page', async () => {
  const evil = '</script><script>alert(document)</script><!--'
  const changed = buildReport(
    exampleInput({
      verdict: { ...verdict, openFindings: verdict.openFindings.map((one) => ({ ...one, title: evil })) },
      claims: exampleInput().claims.map((claim) => ({
        ...claim,
        title: evil,
        figures: claim.figures.map((figure) => ({ ...figure, label: evil, recompute: evil })),
      })),
    }),
  )
  const page = await dressReport(changed)
  expect(page.includes('<script>alert')).toBe(false)
  expect(readPage(page).displayed.length).toBe(readPage(html).displayed.length)
})

test('attested figures look different, withheld parts show their hash, an empty section says so', () => {
  expect(/data-kind="attested".{0,200}<span class="av-attested">attested<\/span>/.test(html)).toBe(true)
  expect(/Withheld<\/span>.{0,600}[0-9a-f]{64}/.test(html)).toBe(true)
  expect(/id="security".{0,400}Nothing is recorded/.test(html)).toBe(true)
})

test('json and model card say the same figures', () => {
  const { report: document, figures } = coveredJson(report)
  expect(figures).toHaveLength(report.notes.length)
  expect(JSON.stringify(document)).toContain('{{rate-cyber}}')
  const card = modelCard(report)
  for (const [at, { figure }] of report.notes.entries()) {
    expect(card.includes(`[^${at + 1}]`)).toBe(true)
    expect(card.includes(formatFigure(figure.value, figure.unit))).toBe(true)
  }
  expect(card.includes('| 1.2 | External red-teaming | missing |')).toBe(true)
})
