import { expect, test } from 'vitest'
import {
  ErrorState,
  Field,
  Figure,
  KeyValues,
  ObligationMatrix,
  StatusTally,
  statuses,
  Table,
} from '../src/index.ts'
import { renderPage } from '../src/static.ts'

test('every status has a shape and a word of its own', () => {
  const drawn = statuses.map((status) => renderPage(<StatusTally of={[{ status }]} />))
  expect(new Set(drawn.map((html) => /<svg.*<\/svg>/.exec(html)?.[0])).size).toBe(statuses.length)
  expect(drawn[1]).toContain('partly met')
})

test('a figure has the one form that verifiers read', () => {
  const html = renderPage(
    <Figure figure={{ id: 'rate', value: 0.041, text: '4.1 %', kind: 'attested' }} href="#n" />,
  )
  expect(html).toContain('<data class="figure" data-figure="rate" value="0.041">4.1 %</data>')
  expect(html).toContain('attested</span>')
})

test('a matrix cell is read with its status and title', () => {
  const html = renderPage(
    <ObligationMatrix
      groups={[
        {
          number: 1,
          title: 'Red-teaming',
          obligations: [{ id: '1.3', title: 'Biology', status: 'partly', why: '' }],
        },
      ]}
    />,
  )
  expect(html).toContain('1.3<span class="av-hidden">Partly met: Biology</span>')
})

test('what is wrong with a field is tied to it, an error is announced, absent values leave no row', () => {
  const field = renderPage(<Field id="key" name="key" label="Key" hint="From elsewhere" wrong="Too short" />)
  expect(field).toContain('aria-describedby="key-hint key-wrong"')
  expect(field).toContain('aria-invalid="true"')
  expect(renderPage(<ErrorState message="No" fix="Do this" />)).toContain('role="alert"')
  const pairs = renderPage(
    <KeyValues
      pairs={[
        { term: 'a', value: undefined },
        { term: 'b', value: 0 },
      ]}
    />,
  )
  expect(pairs).toContain('<dt>b</dt><dd>0</dd>')
  expect(pairs).not.toContain('<dt>a</dt>')
})

test('a table names its columns in every cell, for narrow windows', () => {
  const html = renderPage(
    <Table
      columns={[{ label: '' }, { label: 'Now', numeric: true }, { label: 'Before' }]}
      rows={[{ key: 'x', cells: ['x', '1', '2'] }]}
    />,
  )
  expect(html).toContain('<th scope="row">x</th><td data-label="Now" class="av-num">1</td>')
  expect(html).toContain('<span class="av-hidden">Row</span>')
})
