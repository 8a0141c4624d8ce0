import type { ReactNode } from 'react'

/** How an obligation stands; the gate's own words. */
export type Status = 'met' | 'partly' | 'missing' | 'exempt' | 'superseded'

/** Every status, in the order in which tallies and legends show them. */
export const statuses: readonly Status[] = ['met', 'partly', 'missing', 'exempt', 'superseded']

/** The word shown for a status. */
export const statusWords: Record<Status, string> = {
  met: 'Met',
  partly: 'Partly met',
  missing: 'Missing',
  exempt: 'Exempt',
  superseded: 'Superseded',
}

const shapes: Record<Status, ReactNode> = {
  met: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path
        d="M4.6 8.3l2.3 2.3 4.5-5"
        fill="none"
        stroke="var(--av-paper)"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
    </>
  ),
  partly: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M8 1.8a6.2 6.2 0 0 0 0 12.4z" fill="currentColor" />
    </>
  ),
  missing: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path
        d="M5.6 5.6l4.8 4.8m0-4.8l-4.8 4.8"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
    </>
  ),
  exempt: (
    <>
      <circle
        cx="8"
        cy="8"
        r="6.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeDasharray="2.4 2"
      />
      <path d="M5 8h6" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  superseded: (
    <path
      d="M2.2 5.2h8.2m0 0L7.8 2.6m2.6 2.6L7.8 7.8M13.8 10.8H5.6m0 0l2.6-2.6m-2.6 2.6l2.6 2.6"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
}

/** The status's shape alone, hidden from assistive technology: a word must stand beside it or in its label. */
export function StatusIcon({ status }: { status: Status }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {shapes[status]}
    </svg>
  )
}

/** Shape and word; `chip` adds a tinted ground. `children` replaces the word where a page needs its own. */
export function StatusMark({
  status,
  chip,
  children,
}: {
  status: Status
  chip?: boolean
  children?: ReactNode
}) {
  return (
    <span className={chip ? 'av-status av-status-chip' : 'av-status'} data-status={status}>
      <StatusIcon status={status} />
      {children ?? statusWords[status]}
    </span>
  )
}

/** "12 Met, 3 Partly met, 9 Missing": how many of each, statuses with none left out. */
export function StatusTally({ of }: { of: readonly { status: Status }[] }) {
  return (
    <ul className="av-tally">
      {statuses.map((status) => {
        const count = of.filter((one) => one.status === status).length
        return count === 0 ? null : (
          <li key={status}>
            <StatusMark status={status}>
              <b>{count}</b> {statusWords[status].toLowerCase()}
            </StatusMark>
          </li>
        )
      })}
    </ul>
  )
}
