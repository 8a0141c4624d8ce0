import { EmptyState, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { ActButton } from '../../parts/act.tsx'
import { Asked } from '../../parts/asked.tsx'
import { EvidenceLink } from '../../parts/evidence-link.tsx'
import { useMay } from '../../parts/may.ts'
import { More } from '../../parts/more.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { Moment } from '../../parts/time.tsx'
import { bytesInWords, endLease, weightQuestions } from '../../weights-data.ts'

/** Leases that may be used at this moment, with what was read under them. */
export function LiveLeases() {
  const leases = useQuery({ ...weightQuestions.leases, refetchInterval: 10_000 })
  const may = useMay()
  return (
    <Section title="Live leases" id="leases">
      <Asked of={leases}>
        {({ leases: all }) =>
          all.length === 0 ? (
            <EmptyState title="Nobody can read weights now">
              <p>A lease stands here from the second signature until it ends.</p>
            </EmptyState>
          ) : (
            <More rows={all} what="leases">
              {(shown) => (
                <Table
                  columns={[
                    { label: 'Who' },
                    { label: 'Model' },
                    { label: 'Where' },
                    { label: 'Until' },
                    { label: 'Rests on' },
                    { label: 'Act' },
                    { label: 'Read', numeric: true },
                  ]}
                  rows={shown.map((lease) => ({
                    key: lease.id,
                    cells: [
                      <PersonName key="who" id={lease.holder} />,
                      `${lease.model}, segments ${lease.segments[0]} to ${lease.segments[1]}`,
                      lease.environment,
                      <Moment key="end" at={lease.end} />,
                      <span key="basis">
                        {lease.basis === 'break-glass' && 'broken glass '}
                        <EvidenceLink id={lease.evidence} />
                      </span>,
                      may('weight-security:revoke') ? (
                        <ActButton
                          key="end-it"
                          tone="alert"
                          label={`End it: the lease on ${lease.model} …${lease.id.slice(-6)}`}
                          act={() => endLease(lease.id)}
                          done="Ended."
                        >
                          End it
                        </ActButton>
                      ) : (
                        '—'
                      ),
                      bytesInWords(lease.bytesRead),
                    ],
                  }))}
                />
              )}
            </More>
          )
        }
      </Asked>
    </Section>
  )
}
