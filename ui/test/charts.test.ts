import { parseHTML } from 'linkedom'
import { expect, test } from 'vitest'
import { coverageChart, dayChart, type RateRow, rateChart } from '../src/charts/index.ts'
import { staticDocument } from '../src/static.ts'

const text = { id: 'rates', title: 'Rates by domain', alt: 'Cyber is highest.' }
const rows: RateRow[] = [
  {
    label: 'Cyber & <tools>',
    value: 0.1,
    low: 0.05,
    high: 0.2,
    compare: { value: 0.2, low: 0.1, high: 0.35 },
  },
  { label: 'Bio', value: 0, low: 0, high: 0.1 },
]
const draw = (over: object = {}, width: 'wide' | 'narrow' = 'wide') =>
  rateChart({ ...text, unit: 'rate', rows, ...over }, width, staticDocument())

function parse(svg: string) {
  return parseHTML(`<body>${svg}</body>`).document.querySelector('svg')!
}

test('a chart is one picture with a name and a description, without ids that repeat', () => {
  const wide = parse(draw())
  const narrow = parse(draw({}, 'narrow'))
  expect(wide.getAttribute('role')).toBe('img')
  const [title, desc] = wide.getAttribute('aria-labelledby')!.split(' ')
  expect(wide.querySelector(`#${title}`)?.textContent).toBe('Rates by domain')
  expect(wide.querySelector(`#${desc}`)?.textContent).toBe('Cyber is highest.')
  expect(narrow.getAttribute('aria-labelledby')).not.toBe(wide.getAttribute('aria-labelledby'))
  expect(wide.querySelector('style, [aria-label]')).toBeNull()
})

test('colours are variables, labels are escaped, compared dots have a shape of their own', () => {
  const svg = draw()
  expect(svg).toContain('var(--av-chart-a)')
  expect(svg).not.toMatch(/(?:fill|stroke)="(?:#|rgb|black|white)/)
  expect(svg).toContain('Cyber &amp; &lt;tools&gt;')
  expect(parse(svg).querySelectorAll('circle')).toHaveLength(rows.length + 1)
})

test('no alternative text or no rows: no chart', () => {
  expect(() => draw({ alt: ' ' })).toThrow(TypeError)
  expect(() => draw({ rows: [] })).toThrow(TypeError)
  expect(() => coverageChart({ ...text, cells: [] }, 'wide', staticDocument())).toThrow(TypeError)
})

test('coverage says what was not run by a sign, not by shade', () => {
  const svg = coverageChart(
    {
      ...text,
      cells: [
        { row: 'cyber', column: 'plain', planned: 10, executed: 10 },
        { row: 'cyber', column: 'role play', planned: 10, executed: 0 },
        { row: 'bio', column: 'plain', planned: 0, executed: 0 },
      ],
    },
    'narrow',
    staticDocument(),
  )
  const texts = [...parse(svg).querySelectorAll('text')].map((node) => node.textContent)
  expect(texts).toEqual(expect.arrayContaining(['10', '×', 'cyber', 'bio']))
  expect(parse(svg).querySelectorAll('rect')).toHaveLength(2)
})

test('counts by day are bars on one scale, and what lacks something is hollow', () => {
  const counts = [
    { row: 'Pictures', day: '2026-11-02', count: 40, lacking: 0 },
    { row: 'Voices', day: '2026-11-03', count: 3, lacking: 3 },
    { row: 'Voices', day: '2026-11-04', count: 2, lacking: 1 },
  ]
  const chart = {
    ...{ id: 'days', title: 'By day', alt: 'Pictures 40 on 2 November; voices less.' },
    ...{ from: '2026-11-01', to: '2026-11-30', rows: ['Pictures', 'Voices'], counts },
  }
  const svg = parse(dayChart(chart, 'wide', staticDocument()))
  const filled = (ink: string) => svg.querySelectorAll(`g[fill="${ink}"] rect`).length
  expect([filled('var(--av-chart-a)'), filled('var(--av-paper)')]).toEqual([2, 2])
  expect(svg.querySelector('title')?.textContent).toBe('By day')
  const few = { ...chart, counts: chart.counts.map((one) => ({ ...one, count: 1, lacking: 0 })) }
  const labels = [...parse(dayChart(few, 'wide', staticDocument())).querySelectorAll('text')]
    .map((node) => node.textContent ?? '')
    .filter((text) => /^[01]$/.test(text))
  expect(labels.sort()).toEqual(['0', '0', '1', '1'])
  expect(() => dayChart({ ...chart, rows: [] }, 'narrow', staticDocument())).toThrow(TypeError)
})
