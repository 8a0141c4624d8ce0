import type { ReactNode } from 'react'
import { EvidenceChip } from './evidence.tsx'
import { type Status, StatusIcon, StatusMark, statusWords } from './status.tsx'

/** One row of a verdict as pages show it. `evidence` are digests, hex. */
export type ObligationRow = {
  id: string
  title: string
  status: Status
  why: string
  due?: 'before' | 'at' | 'standing'
  evidence?: readonly string[]
}

/** The commitment that a row belongs to: the number before the dot. */
export type ObligationGroup = { number: number; title: string; obligations: readonly ObligationRow[] }

const dueWords = { before: 'due before release', at: 'due at release', standing: 'standing' } as const

/** Every obligation with status, title and reason, grouped by commitment. `link` gives an address for an obligation. */
export function ObligationList(props: {
  groups: readonly ObligationGroup[]
  link?: (id: string) => string
  evidenceLink?: (digest: string) => string
  /** The level of the commitments' headings; default 3. */
  level?: 2 | 3
}) {
  const Heading = props.level === 2 ? 'h2' : 'h3'
  return (
    <div className="av-obligations">
      {props.groups.map((group) => (
        <section key={group.number} className="av-obligations-group">
          <Heading className="av-obligations-title">
            <span>Commitment {group.number}</span>
            {group.title}
          </Heading>
          <ol>
            {group.obligations.map((row) => (
              <li key={row.id} className="av-obligation" id={`obligation-${row.id}`}>
                <span className="av-obligation-id">{row.id}</span>
                <span className="av-obligation-title">{titleOf(row, props.link)}</span>
                <StatusMark status={row.status} chip />
                <p className="av-obligation-why">{row.why}</p>
                {row.due && <span className="av-obligation-due">{dueWords[row.due]}</span>}
                {row.evidence && row.evidence.length > 0 && (
                  <span className="av-obligation-evidence">
                    {row.evidence.map((digest) => (
                      <EvidenceChip key={digest} digest={digest} href={props.evidenceLink?.(digest)} />
                    ))}
                  </span>
                )}
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

function titleOf(row: ObligationRow, link: ((id: string) => string) | undefined): ReactNode {
  return link ? <a href={link(row.id)}>{row.title}</a> : row.title
}

/** The verdict at one look: a row per commitment, a cell per obligation. `link` decides where a cell leads. */
export function ObligationMatrix(props: {
  groups: readonly ObligationGroup[]
  link?: (id: string) => string
}) {
  return (
    <div className="av-matrix">
      {props.groups.map((group) => (
        <div key={group.number} className="av-matrix-row">
          <div className="av-matrix-title">
            <span>{group.number}</span>
            {group.title}
          </div>
          <ul>
            {group.obligations.map((row) => (
              <li key={row.id}>
                {props.link ? (
                  <a className="av-cell" data-status={row.status} href={props.link(row.id)} title={row.title}>
                    <Cell row={row} />
                  </a>
                ) : (
                  <span className="av-cell" data-status={row.status} title={row.title}>
                    <Cell row={row} />
                  </span>
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  )
}

function Cell({ row }: { row: ObligationRow }) {
  return (
    <>
      <StatusIcon status={row.status} />
      {row.id}
      <span className="av-hidden">
        {statusWords[row.status]}: {row.title}
      </span>
    </>
  )
}
