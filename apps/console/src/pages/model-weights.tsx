import { Digest, Notice, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Asked } from '../parts/asked.tsx'
import { EvidenceLink } from '../parts/evidence-link.tsx'
import { useMay } from '../parts/may.ts'
import { More } from '../parts/more.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { counted } from '../parts/words.ts'
import { bytesInWords, type Custody, type WeightObject, weightQuestions } from '../weights-data.ts'
import { CoverageTable } from './weights/coverage.tsx'
import { EgressArithmetic } from './weights/egress.tsx'

/** The weights of one release: custody, files, and who has read how much. */
export function ModelWeights() {
  const { model } = useParams({ from: '/inside/weights/$model' })
  useTitle(`Weights of ${model}`)
  const custody = useQuery(weightQuestions.custody(model))
  const objects = useQuery(weightQuestions.objects(model))
  const may = useMay()
  return (
    <>
      <PageHead
        title={`Weights of ${model}`}
        crumbs={[{ label: 'Weights', href: '/console/weights' }, { label: model }]}
      />
      <Section title="Custody" id="custody">
        <Asked of={custody}>{(found) => <CustodyDrawing custody={found} />}</Asked>
      </Section>
      <Section title="Sealed files" id="files">
        <Asked of={objects}>{({ objects: files }) => <Files files={files} />}</Asked>
      </Section>
      <EgressArithmetic model={model} />
      {may('weight-security:investigate') && <Covered model={model} />}
    </>
  )
}

function CustodyDrawing({ custody }: { custody: Custody }) {
  const { release, complete, nodes, problems } = custody
  return (
    <div className="cs-stack">
      <p>
        {complete
          ? 'All that is released leads back to where it came from, without a gap.'
          : 'Custody is not complete: not all that is released leads back to where it came from.'}
      </p>
      {problems.length > 0 && (
        <Notice tone="alert" title="What is wrong or open">
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      {nodes.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className="cs-drawing" aria-label="Drawing of custody; it scrolls" tabIndex={0}>
          <img
            src={`/api/weight-security/custody/${encodeURIComponent(release)}/drawing.svg`}
            alt={`How ${release} came to be, step by step: the same stands in \`avouch weights custody ${release}\``}
          />
        </section>
      )}
    </div>
  )
}

function Files({ files }: { files: readonly WeightObject[] }) {
  if (files.length === 0) return <p>None is sealed here.</p>
  return (
    <More rows={files} what="files">
      {(shown) => (
        <Table
          columns={[
            { label: 'File' },
            { label: 'Form' },
            { label: 'SHA-256' },
            { label: 'Sealed' },
            { label: 'Segments', numeric: true },
            { label: 'Size', numeric: true },
          ]}
          rows={shown.map((file) => ({
            key: file.id,
            cells: [
              file.name,
              file.format ? `${file.format.name}, ${counted(file.format.tensors, 'tensor')}` : 'bytes',
              <Digest key="digest">{file.digest}</Digest>,
              <span key="at">
                <Moment at={file.sealedAt} /> <EvidenceLink id={file.evidence} />
              </span>,
              file.segments.toLocaleString('en-GB'),
              bytesInWords(file.bytes),
            ],
          }))}
        />
      )}
    </More>
  )
}

function Covered({ model }: { model: string }) {
  const coverage = useQuery(weightQuestions.coverage(model))
  return (
    <Section title="Who has read how much" id="coverage">
      <p className="cs-lead">The unique share read in 90 days; reading slowly does not make it smaller.</p>
      <Asked of={coverage}>{(found) => <CoverageTable of={found} />}</Asked>
    </Section>
  )
}
