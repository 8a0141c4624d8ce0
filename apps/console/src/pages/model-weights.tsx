import { Digest, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Asked } from '../parts/asked.tsx'
import { EvidenceLink } from '../parts/evidence-link.tsx'
import { useMay } from '../parts/may.ts'
import { More } from '../parts/more.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { counted } from '../parts/words.ts'
import { bytesInWords, type WeightObject, weightQuestions } from '../weights-data.ts'
import { CoverageTable } from './weights/coverage.tsx'
import { CustodyOf } from './weights/custody.tsx'
import { EgressArithmetic } from './weights/egress.tsx'

/** The weights of one release: custody, files, and who has read how much. */
export function ModelWeights() {
  const { model } = useParams({ from: '/inside/weights/$model' })
  useTitle(`Weights of ${model}`)
  const objects = useQuery(weightQuestions.objects(model))
  const may = useMay()
  return (
    <>
      <PageHead
        title={`Weights of ${model}`}
        crumbs={[{ label: 'Weights', href: '/console/weights' }, { label: model }]}
      />
      <CustodyOf model={model} />
      <Section title="Sealed files" id="files">
        <Asked of={objects}>{({ objects: files }) => <Files files={files} />}</Asked>
      </Section>
      <EgressArithmetic model={model} />
      {may('weight-security:investigate') && <Covered model={model} />}
    </>
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
      <p className="cs-lead">
        The unique share read in 90 days; reading slowly does not make it smaller.{' '}
        <a href={`/console/weights/${encodeURIComponent(model)}/who`}>
          Who could read it on a day, and who did
        </a>
      </p>
      <Asked of={coverage}>{(found) => <CoverageTable of={found} />}</Asked>
    </Section>
  )
}
