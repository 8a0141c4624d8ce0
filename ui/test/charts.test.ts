import { parseHTML } from 'linkedom'
import { expect, test } from 'vitest'
import { coverageChart, type RateRow, rateChart } from '../src/charts/index.ts'
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
