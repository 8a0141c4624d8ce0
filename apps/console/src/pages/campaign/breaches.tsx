import { EmptyState, Notice, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type Opened, questions } from '../../data.ts'
import { Asked } from '../../parts/asked.tsx'
import { laidOut } from '../../parts/laid-out.ts'
import { useAddress } from '../../parts/paged.tsx'
import { AgentAttempt } from './agent-attempt.tsx'

const SIZE = 25

/** Attempts that got through, as lines without words; the words of one only when somebody asks for it. */
export function Breaches({ id }: { id: string }) {
  const { after, domain } = useSearch({ from: '/inside/campaigns/$id' })
  const address = useAddress()
  const breaches = useQuery(questions.breaches(id, after, domain))
  return (
    <div className="cs-stack">
      <Notice title="Words are kept closed">
        <p>What was asked and answered may be harmful. It is shown one attempt at a time, when you ask.</p>
      </Notice>
      <Asked of={breaches}>
        {(lines) =>
          lines.length === 0 ? (
            <EmptyState title={after === undefined ? 'No attempt got through' : 'No more attempts'} />
          ) : (
            <>
              <Table
                columns={[
                  { label: 'Attempt' },
                  { label: 'Probe' },
                  { label: 'Strategy' },
                  { label: 'Verdict' },
                  { label: 'Words' },
                ]}
                rows={lines.map((line) => ({
                  key: String(line.item),
                  cells: [
                    line.item,
                    line.title,
                    line.strategy,
                    line.verdict ?? 'none',
                    <Words key="words" campaign={id} item={line.item} />,
                  ],
                }))}
              />
              <nav className="cs-pages" aria-label="Pages of attempts">
                {after !== undefined && <a href={address({ after: undefined })}>First page</a>}
                {lines.length === SIZE && <a href={address({ after: lines.at(-1)?.item })}>Next</a>}
              </nav>
            </>
          )
        }
      </Asked>
    </div>
  )
}

function Words({ campaign, item }: { campaign: string; item: number }) {
  const [shown, setShown] = useState(false)
  const opened = useQuery({ ...questions.attempt(campaign, item), enabled: shown, gcTime: 0 })
  return (
    <>
      <button
        type="button"
        className="cs-link"
        aria-expanded={shown}
        onClick={() => setShown((was) => !was)}
        aria-label={`${shown ? 'Hide' : 'Show'} the words of attempt ${item}`}
      >
        {shown ? 'Hide' : 'Show'}
      </button>
      {shown && <Asked of={opened}>{(found) => <Exchange opened={found} />}</Asked>}
    </>
  )
}

function Exchange({ opened: { record, answer, exchanges, agent } }: { opened: Opened }) {
  if (agent) return <AgentAttempt agent={agent} why={record.why} />
  const asked = exchanges.map(({ request }) => laidOut(request)).join('\n')
  return (
    <div className="cs-exchange">
      {record.why && <p>{record.why}</p>}
      <h3>Asked</h3>
      <pre className="cs-note">{asked}</pre>
      <h3>Answered</h3>
      <pre className="cs-note">{answer?.text ?? 'nothing'}</pre>
    </div>
  )
}
