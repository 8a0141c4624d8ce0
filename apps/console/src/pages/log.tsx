import { Digest, Disclosure, EmptyState, KeyValues, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { ask } from '../api.ts'
import { type CheckpointRow, type Log, questions } from '../data.ts'
import { ActButton } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { useMay } from '../parts/may.ts'
import { Pages, pageOf } from '../parts/paged.tsx'
import { stepUp } from '../parts/step-up.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { counted } from '../parts/words.ts'

/** The log: its head, its key, and the checkpoints that bind it. */
export function LogPage() {
  useTitle('Log')
  const log = useQuery(questions.log)
  return (
    <>
      <PageHead title="Log">
        <p>
          An append-only tree of everything recorded. A published checkpoint binds all of it: nothing before
          can be changed without anyone noticing.
        </p>
      </PageHead>
      <Asked of={log}>{(found) => (found.key === undefined ? <NotOpened /> : <Shown log={found} />)}</Asked>
    </>
  )
}

function NotOpened() {
  return (
    <EmptyState title="The log is not open yet">
      <p>It is opened with the first piece of evidence.</p>
    </EmptyState>
  )
}

function Shown({ log }: { log: Log }) {
  const may = useMay()
  const unpublished = log.size - (log.published?.size ?? 0)
  return (
    <>
      <div className="cs-stack">
        <KeyValues
          pairs={[
            { term: 'Origin', value: log.origin },
            { term: 'Leaves', value: log.size },
            { term: 'Published', value: <Bound checkpoint={log.published} none="never yet" /> },
            { term: 'Witnessed', value: <Bound checkpoint={log.witnessed} none="by nobody yet" /> },
            {
              term: 'Not published',
              value: unpublished === 0 ? 'nothing' : `the newest ${counted(unpublished, 'leaf', 'leaves')}`,
            },
          ]}
        />
        {may('log:publish') && (
          <div className="cs-acts">
            <ActButton
              tone="primary"
              act={() => stepUp(() => ask<CheckpointRow>('/log/publish', { method: 'POST' }))}
              done="Published."
            >
              Publish a checkpoint now
            </ActButton>
            <span className="cs-small">One is published every day by itself.</span>
          </div>
        )}
      </div>
      <Section title="The log’s key" id="key">
        <div className="cs-stack">
          <p className="cs-soft">
            Give it to readers by a way that is not this server: with it, they can tell your log from another.
          </p>
          <p>
            <Digest>{log.key ?? ''}</Digest>
          </p>
        </div>
      </Section>
      <Section title="Checkpoints" id="checkpoints">
        <Checkpoints checkpoints={log.checkpoints} />
      </Section>
    </>
  )
}

function Bound({ checkpoint, none }: { checkpoint?: CheckpointRow; none: string }) {
  if (!checkpoint) return none
  return (
    <>
      {checkpoint.size} leaves, <Moment at={checkpoint.publishedAt ?? checkpoint.witnessedAt} />
    </>
  )
}

function Checkpoints({ checkpoints }: { checkpoints: CheckpointRow[] }) {
  const { page } = useSearch({ from: '/inside/log' })
  if (checkpoints.length === 0) return <EmptyState title="No checkpoint yet" />
  const { shown, ...place } = pageOf(checkpoints, page)
  return (
    <div className="cs-stack">
      <Table
        caption="The newest hundred, newest first"
        columns={[
          { label: 'Leaves' },
          { label: 'Root' },
          { label: 'Signed' },
          { label: 'Witnessed' },
          { label: 'Published' },
        ]}
        rows={shown.map((it) => ({
          key: `${it.size} ${it.signedAt}`,
          cells: [
            it.size,
            <code key="root" title={it.root}>
              {it.root.slice(0, 10)}…
            </code>,
            <Moment key="signed" at={it.signedAt} />,
            it.witnessedAt ? <Moment key="witnessed" at={it.witnessedAt} /> : 'no',
            it.publishedAt ? <Moment key="published" at={it.publishedAt} /> : 'no',
          ],
        }))}
      />
      <Pages {...place} what="checkpoints" />
      <Disclosure summary="The newest checkpoint as it is signed">
        <pre className="cs-note">{checkpoints[0]?.note}</pre>
      </Disclosure>
    </div>
  )
}
