import { StatusMark } from '@avouch/ui'
import type { ObligationResult } from '../../data.ts'
import { EvidenceLink } from '../../parts/evidence-link.tsx'

const dues: Record<string, string> = {
  before: 'due before release',
  at: 'due at release',
  standing: 'standing',
}
const forces: Record<string, string> = {
  asked: 'asked',
  may: 'offered, not asked',
  stricter: 'stricter than asked',
}

/** Every obligation with its status, why it stands so, and the evidence for it, by commitment. */
export function Obligations(props: {
  groups: readonly { number: number; title: string; obligations: readonly ObligationResult[] }[]
}) {
  return (
    <div className="av-obligations">
      {props.groups.map((group) => (
        <section key={group.number} className="av-obligations-group">
          <h3 className="av-obligations-title">
            <span>Commitment {group.number}</span>
            {group.title}
          </h3>
          <ol>
            {group.obligations.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

function Row({ row }: { row: ObligationResult }) {
  return (
    <li className="av-obligation" id={`obligation-${row.id}`}>
      <span className="av-obligation-id">{row.id}</span>
      <span className="av-obligation-title">{row.title}</span>
      <StatusMark status={row.status} chip />
      <p className="av-obligation-why">{row.why}</p>
      <span className="av-obligation-due">
        {dues[row.due] ?? row.due}
        {row.force !== 'asked' && <>, {forces[row.force] ?? row.force}</>}
      </span>
      {row.evidence.length > 0 && (
        <span className="av-obligation-evidence">
          {row.evidence.map((id) => (
            <EvidenceLink key={id} id={id} />
          ))}
        </span>
      )}
    </li>
  )
}
