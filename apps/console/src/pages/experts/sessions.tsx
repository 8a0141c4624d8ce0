import { EmptyState, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { outside } from '../../outside-data.ts'
import { Asked } from '../../parts/asked.tsx'
import { More } from '../../parts/more.tsx'
import { Moment } from '../../parts/time.tsx'
import { sessionWords } from './words.ts'

/** Sessions of experts, newest first. */
export function ExpertSessions() {
  const sessions = useQuery(outside.sessions)
  return (
    <Asked of={sessions}>
      {(all) =>
        all.length === 0 ? (
          <EmptyState title="No session yet">
            <p>An expert begins one once they have signed who they are.</p>
          </EmptyState>
        ) : (
          <More rows={all} what="sessions">
            {(shown) => (
              <Table
                columns={[
                  { label: 'Session' },
                  { label: 'Expert' },
                  { label: 'World' },
                  { label: 'State' },
                  { label: 'Begun' },
                  { label: 'Turns', numeric: true },
                  { label: 'Findings', numeric: true },
                ]}
                rows={shown.map(({ id, about, name, world, state, startedAt, turns, findings }) => ({
                  key: id,
                  cells: [
                    <a key="id" href={`/console/experts/${id}`}>
                      {about.release} <code>…{id.slice(-6)}</code>
                    </a>,
                    name,
                    world ?? 'conversation',
                    sessionWords[state],
                    <Moment key="at" at={startedAt} />,
                    turns,
                    findings,
                  ],
                }))}
              />
            )}
          </More>
        )
      }
    </Asked>
  )
}
