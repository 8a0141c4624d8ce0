import { Digest, EmptyState, KeyValues, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { ask } from '../api.ts'
import { covers, type Log, questions } from '../data.ts'
import { ActButton } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { Pages, pageOf } from '../parts/paged.tsx'
import { stepUp } from '../parts/step-up.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'

/** The log's head, key and checkpoints, and publishing the head now. */
export function LogPage() {
  useTitle('Log')
  const log = useQuery({ ...questions.log, refetchInterval: 10_000 })
  return (
    <>
      <PageHead title="The log">
        <p>Every piece of evidence is a leaf here. It is private until a checkpoint is published.</p>
      </PageHead>
      <Asked of={log}>{(found) => <View log={found} />}</Asked>
    </>
  )
}

function View({ log }: { log: Log }) {
  const { page } = useSearch({ from: '/inside/log' })
  const me = useQuery(questions.me)
  const part = pageOf(log.checkpoints, page)
  const waiting = log.size - (log.published?.size ?? 0)
  return (
    <>
      <KeyValues
        pairs={[
          { term: 'Origin', value: log.origin ?? 'not opened yet' },
          { term: 'Leaves', value: log.size },
          { term: 'Not published yet', value: `${waiting} ${waiting === 1 ? 'leaf' : 'leaves'}` },
          {
            term: 'Last published',
            value: log.published ? <Moment at={log.published.publishedAt} /> : 'never',
          },
          {
            term: 'Last witnessed',
            value: log.witnessed ? (
              <Moment at={log.witnessed.witnessedAt} />
            ) : (
              'never: until a witness cosigns, the log is the company’s word alone'
            ),
          },
          { term: 'Key', value: log.key && <Digest>{log.key}</Digest> },
        ]}
      />
      {covers(me.data?.permissions ?? [], 'log:publish') && (
        <div className="cs-acts mt-6">
          <ActButton
            tone="primary"
            act={() => stepUp(() => ask('/log/publish', { method: 'POST' }))}
            done="Published."
          >
            Publish the head now
          </ActButton>
        </div>
      )}
      <p className="cs-small mt-4">
        <code>avouch log audit</code> derives everything again and finds one changed byte.
      </p>
      <Section title="Checkpoints" id="checkpoints">
        {log.checkpoints.length === 0 ? (
          <EmptyState title="No checkpoint is signed yet" />
        ) : (
          <>
            <Table
              caption="The newest hundred, newest first."
              columns={[
                { label: 'Signed' },
                { label: 'Leaves', numeric: true },
                { label: 'Witnessed' },
                { label: 'Published' },
              ]}
              rows={part.shown.map((one) => ({
                key: `${one.origin}-${one.size}-${one.signedAt}`,
                cells: [
                  <Moment key="signed" at={one.signedAt} />,
                  one.size,
                  one.witnessedAt ? <Moment key="witnessed" at={one.witnessedAt} /> : 'no',
                  one.publishedAt ? <Moment key="published" at={one.publishedAt} /> : 'no',
                ],
              }))}
            />
            <Pages {...part} what="checkpoints" />
          </>
        )}
      </Section>
      {log.published && (
        <Section title="The published head, as signed" id="note">
          <pre className="cs-note">{log.published.note}</pre>
        </Section>
      )}
    </>
  )
}
