import { Digest, Field, KeyValues, Notice, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ask } from '../api.ts'
import { type Evidence, questions } from '../data.ts'
import { FormDialog } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { EvidenceLink, useKindTitle } from '../parts/evidence-link.tsx'
import { useMay } from '../parts/may.ts'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { Fields } from './evidence/fields.tsx'
import { Signers } from './evidence/signers.tsx'
import { VerifyHere } from './evidence/verify.tsx'

/** One piece of evidence: what it says, who signed it, where it stands, and whether that can be shown. */
export function EvidencePage() {
  const { id } = useParams({ from: '/inside/evidence/$id' })
  const title = useKindTitle()
  const evidence = useQuery(questions.evidence(id))
  const name = evidence.data ? title(evidence.data.predicateType) : 'Evidence'
  useTitle(name)
  return (
    <>
      <PageHead
        title={name}
        crumbs={[{ label: 'Evidence', href: '/console/evidence' }, { label: `…${id.slice(-6)}` }]}
      />
      <Asked of={evidence}>{(record) => <Piece record={record} />}</Asked>
    </>
  )
}

function Piece({ record }: { record: Evidence }) {
  return (
    <>
      <div className="cs-stack">
        <Fate record={record} />
        <Place record={record} />
      </div>
      <Section title="What it says" id="fields">
        <Fields record={record} />
      </Section>
      <Section title="Signers" id="signers">
        <Signers keyids={record.signers} />
      </Section>
      {record.attachments.length > 0 && (
        <Section title="Attachments" id="attachments">
          <Table
            columns={[
              { label: 'Name' },
              { label: 'Kind' },
              { label: 'SHA-256' },
              { label: 'Bytes', numeric: true },
            ]}
            rows={record.attachments.map((it) => ({
              key: it.name,
              cells: [it.name, it.mediaType, <Digest key="digest">{it.sha256}</Digest>, it.size],
            }))}
          />
        </Section>
      )}
      <Section title="Proof" id="proof">
        <VerifyHere record={record} />
      </Section>
      <Retract record={record} />
    </>
  )
}

function Fate({ record }: { record: Evidence }) {
  return (
    <>
      {record.retractedBy && (
        <Notice tone="alert" title="Retracted">
          <p>
            It counts no longer. See <EvidenceLink id={record.retractedBy} />
          </p>
        </Notice>
      )}
      {record.supersededBy && (
        <Notice title="Superseded">
          <p>
            A newer piece stands in its place: <EvidenceLink id={record.supersededBy} />
          </p>
        </Notice>
      )}
      {record.state === 'erased' && (
        <Notice title="Erased">
          <p>Its fields are gone. Its leaf stands, so that the log still adds up.</p>
        </Notice>
      )}
    </>
  )
}

function Place({ record }: { record: Evidence }) {
  const { about } = record
  return (
    <KeyValues
      pairs={[
        {
          term: 'About',
          value: about.release ? (
            <a href={`/console/releases/${encodeURIComponent(about.release)}`}>{about.release}</a>
          ) : (
            'the company'
          ),
        },
        { term: 'Snapshot', value: about.snapshot },
        { term: 'Configuration', value: about.configuration },
        { term: 'Recorded', value: <Moment at={record.recordedAt} /> },
        {
          term: 'Leaf',
          value: record.index === undefined ? 'accepted, not in the log yet' : String(record.index),
        },
        { term: 'Digest', value: <Digest>{record.digest}</Digest> },
        { term: 'Type', value: <code className="av-digest">{record.predicateType}</code> },
        { term: 'Supersedes', value: record.supersedes && <EvidenceLink id={record.supersedes} /> },
        { term: 'Retracts', value: record.retracts && <EvidenceLink id={record.retracts} /> },
        {
          term: 'Bulk records',
          value: record.bulk && (
            <>
              {record.bulk.leaves} leaves under <Digest>{record.bulk.root}</Digest>
            </>
          ),
        },
      ]}
    />
  )
}

function Retract({ record }: { record: Evidence }) {
  const may = useMay()
  if (!may('evidence:retract') || record.retractedBy || record.state === 'erased') return null
  return (
    <Section title="Take it back" id="retract">
      <p className="cs-soft cs-gap">
        What was recorded in error can be retracted. It stays in the log, and the retraction beside it.
      </p>
      <FormDialog
        trigger="Ask to retract"
        title="Ask to retract this evidence"
        says="Two other people read your reason and sign. It counts until they have."
        submit="Ask two people"
        tone="alert"
        act={(form) => ask(`/evidence/${record.id}/retraction`, { body: { reason: form.get('reason') } })}
        after={() => (
          <p>
            Asked. It waits under <a href="/console/approvals">approvals</a> for two people to sign.
          </p>
        )}
      >
        <Field id="retract-reason" name="reason" label="Reason" lines={4} required />
      </FormDialog>
    </Section>
  )
}
