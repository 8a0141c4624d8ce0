import { EmptyState, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { Asked } from '../parts/asked.tsx'
import { useMay } from '../parts/may.ts'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { counted } from '../parts/words.ts'
import { bytesInWords, type WeightObject, weightQuestions } from '../weights-data.ts'
import { CoverageTable } from './weights/coverage.tsx'

/** The weights that stand sealed, by release, and how much of each somebody has read. */
export function Weights() {
  useTitle('Weights')
  const objects = useQuery(weightQuestions.objects())
  const may = useMay()
  return (
    <>
      <PageHead title="Weights">
        <p>
          What is sealed here, where it came from, and how much of it anybody has read. Each segment that is
          read under a lease is recorded first; whoever opens an object at the command line leaves a reason.
          Signatures count by <a href="/console/weights/signers">those who are pinned</a> alone.
        </p>
      </PageHead>
      <Asked of={objects}>
        {({ objects: all, unfinished }) => (
          <>
            {all.length === 0 ? (
              <EmptyState title="No weights are sealed here">
                <p>
                  Seal them with <code>avouch weights seal DIR --model NAME@VERSION</code>. Weights that stay
                  in buckets of your own can be watched too: <code>avouch weights sources</code>.
                </p>
              </EmptyState>
            ) : (
              <Models objects={all} />
            )}
            {unfinished.length > 0 && (
              <Section title="Not finished" id="unfinished">
                <Table
                  columns={[
                    { label: 'File' },
                    { label: 'Release' },
                    { label: 'Begun' },
                    { label: 'Bytes', numeric: true },
                  ]}
                  rows={unfinished.map((one) => ({
                    key: one.id,
                    cells: [
                      one.name,
                      one.model,
                      <Moment key="at" at={one.begunAt} />,
                      bytesInWords(one.bytes),
                    ],
                  }))}
                />
                <p className="cs-small">Sealing the same file again goes on where this was cut off.</p>
              </Section>
            )}
          </>
        )}
      </Asked>
      {may('weight-security:investigate') && <Covered />}
    </>
  )
}

function Models({ objects }: { objects: readonly WeightObject[] }) {
  const models = Map.groupBy(objects, ({ model }) => model)
  return (
    <Table
      columns={[
        { label: 'Release' },
        { label: 'Files' },
        { label: 'Form' },
        { label: 'Sealed' },
        { label: 'Size', numeric: true },
      ]}
      rows={[...models].map(([model, files]) => ({
        key: model,
        cells: [
          <a key="model" href={`/console/weights/${encodeURIComponent(model)}`}>
            {model}
          </a>,
          counted(files.length, 'file'),
          [...new Set(files.map(({ format }) => format?.name ?? 'bytes'))].join(', '),
          <Moment key="at" at={files.map(({ sealedAt }) => sealedAt).sort()[0]} />,
          bytesInWords(files.reduce((sum, { bytes }) => sum + bytes, 0)),
        ],
      }))}
    />
  )
}

function Covered() {
  const coverage = useQuery(weightQuestions.coverage())
  return (
    <Section title="Who has read how much" id="coverage">
      <p className="cs-lead">
        The unique share of a model that somebody has read in 90 days. Reading slowly does not make it
        smaller.
      </p>
      <Asked of={coverage}>{(found) => <CoverageTable of={found} withModel />}</Asked>
    </Section>
  )
}
