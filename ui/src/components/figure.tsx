import type { ReactNode } from 'react'

/** A figure as pages show it: what `@avouch/verify` needs to find it again, and its text from `formatFigure`. */
export type ShownFigure = { id: string; value: number; text: string; kind: 'computed' | 'attested' }

/**
 * A traced number: `<data class="figure" data-figure value>` as a report's verifier expects it. With `href` it leads
 * to its evidence. An attested figure is set apart by style and by the word.
 */
export function Figure({
  figure,
  href,
  mark = true,
}: {
  figure: ShownFigure
  href?: string
  mark?: boolean
}) {
  const data = (
    <data className="figure" data-figure={figure.id} value={String(figure.value)}>
      {figure.text}
    </data>
  )
  return (
    <>
      {href === undefined ? (
        <span className="av-figure" data-kind={figure.kind}>
          {data}
        </span>
      ) : (
        <a className="av-figure" data-kind={figure.kind} href={href}>
          {data}
        </a>
      )}
      {mark && figure.kind === 'attested' && <span className="av-attested">attested</span>}
    </>
  )
}

export type IntervalRow = {
  key: string
  label: ReactNode
  value: ReactNode
  interval?: ReactNode
  n?: ReactNode
}

/** Rates with their intervals and what was counted, one a row. Stacks where it is narrow. */
export function IntervalTable(props: {
  caption: ReactNode
  rows: readonly IntervalRow[]
  heads?: { label: string; value: string; interval: string; n: string }
}) {
  const heads = props.heads ?? { label: 'Measured', value: 'Value', interval: 'Interval', n: 'Trials' }
  return (
    <table className="av-table av-table-stack">
      <caption>{props.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{heads.label}</th>
          <th scope="col" className="av-num">
            {heads.value}
          </th>
          <th scope="col" className="av-num">
            {heads.interval}
          </th>
          <th scope="col" className="av-num">
            {heads.n}
          </th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{row.label}</th>
            <td className="av-num" data-label={heads.value}>
              {row.value}
            </td>
            <td className="av-num" data-label={heads.interval}>
              {row.interval ?? <span className="av-hidden">none</span>}
            </td>
            <td className="av-num" data-label={heads.n}>
              {row.n ?? <span className="av-hidden">not given</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A plain table: heads, then rows of cells; the first cell of a row is its head. An empty head is named for screen readers only. `numeric` columns stand at the end. */
export function Table(props: {
  caption?: ReactNode
  columns: readonly { label: string; numeric?: boolean }[]
  rows: readonly { key: string; cells: readonly ReactNode[] }[]
}) {
  const { columns } = props
  return (
    <table className={columns.length > 2 ? 'av-table av-table-stack' : 'av-table av-table-short'}>
      {props.caption !== undefined && <caption>{props.caption}</caption>}
      <thead>
        <tr>
          {columns.map(({ label, numeric }) => (
            <th key={label} scope="col" className={numeric ? 'av-num' : undefined}>
              {label === '' ? <span className="av-hidden">Row</span> : label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={row.key}>
            {row.cells.map((cell, at) => {
              const column = columns[at]
              const name = column?.label ?? String(at)
              return at === 0 ? (
                <th key={name} scope="row">
                  {cell}
                </th>
              ) : (
                <td key={name} data-label={name} className={column?.numeric ? 'av-num' : undefined}>
                  {cell}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
