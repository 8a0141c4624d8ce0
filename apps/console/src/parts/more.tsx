import { type ReactNode, useState } from 'react'

const SIZE = 20

/** The first rows of a long list, and a button for the rest. */
export function More<Row>(props: {
  rows: readonly Row[]
  what: string
  children: (shown: readonly Row[]) => ReactNode
}) {
  const { rows, what, children } = props
  const [all, setAll] = useState(false)
  const shown = all ? rows : rows.slice(0, SIZE)
  return (
    <>
      {children(shown)}
      {rows.length > SIZE && (
        <p className="cs-pages">
          <span>
            {shown.length} of {rows.length} {what}
          </span>
          <button type="button" className="cs-link" aria-expanded={all} onClick={() => setAll((was) => !was)}>
            {all ? 'Show fewer' : 'Show all'}
          </button>
        </p>
      )}
    </>
  )
}
