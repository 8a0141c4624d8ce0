import type { Ledger } from '../data.ts'

/** What was planned and what became of it: one bar, and every part in words. */
export function LedgerBar({ ledger }: { ledger: Ledger }) {
  const parts = [
    { part: 'graded', word: 'judged', count: ledger.graded },
    { part: 'ungraded', word: 'answered, not judged', count: ledger.executed - ledger.graded },
    { part: 'errored', word: 'errors', count: ledger.errored },
    { part: 'refused', word: 'refused by the provider', count: ledger.refusedByProvider },
    { part: 'not-run', word: 'not run', count: ledger.notRun },
  ]
  return (
    <div>
      <div className="cs-ledger" aria-hidden="true">
        {parts.map(
          ({ part, count }) => count > 0 && <span key={part} data-part={part} style={{ flexGrow: count }} />,
        )}
      </div>
      <ul className="cs-ledger-words">
        <li>
          <b>{ledger.planned}</b> planned
        </li>
        <li>
          <b>{ledger.executed}</b> executed
        </li>
        {parts.map(({ part, word, count }) => (
          <li key={part}>
            <i data-part={part} aria-hidden="true" />
            <span>
              <b>{count}</b> {word}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
