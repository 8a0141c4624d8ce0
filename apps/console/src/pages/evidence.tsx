import { Digest, EmptyState, Field, KeyValues, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ask } from '../api.ts'
import { covers, type Evidence, questions } from '../data.ts'
import { FormDialog } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { Proof, useOpenFields } from '../parts/proof.tsx'
import { standing } from '../parts/standing.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'

/** One piece of evidence: fields, signers, relations, and its proof. */
export function EvidencePage() {
  const { id } = useParams({ from: '/inside/evidence/$id' })
  const evidence = useQuery(questions.evidence(id))
  const kinds = useQuery(questions.kinds)
  const found = evidence.data
  const title = kinds.data?.find(({ type }) => type === found?.predicateType)?.title ?? 'Evidence'
  useTitle(title)
  return (
    <>
      <PageHead title={title} crumbs={[{ label: 'Evidence', href: '/console/evidence' }, { label: title }]} />
      <Asked of={evidence}>{(one) => <View one={one} />}</Asked>
    </>
  )
}

const link = (id: string | undefined) => id && <a href={`/console/evidence/${id}`}>{id.slice(0, 8)}</a>

function View({ one }: { one: Evidence }) {
  const me = useQuery(questions.me)
  const open = useOpenFields(one)
  const may = covers(me.data?.permissions ?? [], 'evidence:retract')
  const fields = Object.entries(one.fields)
  return (
    <>
      <KeyValues
        pairs={[
          { term: 'Standing', value: standing(one) },
          {
            term: 'About',
            value: one.about.release ? (
              <>
                <a href={`/console/releases/${encodeURIComponent(one.about.release)}`}>{one.about.release}</a>
                {one.about.configuration && `, ${one.about.configuration}`}
                {one.about.snapshot && `, ${one.about.snapshot}`}
              </>
            ) : (
              'the company'
            ),
          },
          { term: 'Recorded', value: <Moment at={one.recordedAt} /> },
          { term: 'Leaf', value: one.index ?? 'waits for the log' },
          { term: 'Statement, SHA-256', value: <Digest>{one.digest}</Digest> },
          { term: 'Type', value: <Digest>{one.predicateType}</Digest> },
          { term: 'Supersedes', value: link(one.supersedes) },
          { term: 'Superseded by', value: link(one.supersededBy) },
          { term: 'Retracts', value: link(one.retracts) },
          { term: 'Retracted by', value: link(one.retractedBy) },
          { term: 'Bulk records', value: one.bulk && `${one.bulk.leaves} of ${one.bulk.records}` },
        ]}
      />
      <Section title="Fields" id="fields">
        {fields.length === 0 ? (
          <EmptyState title={one.state === 'erased' ? 'Its fields were erased' : 'It has no fields'}>
            <p>What is left is its commitment in the log.</p>
          </EmptyState>
        ) : (
          <div className="cs-fields">
            <Table
              caption="Open fields stand in the signed Statement. Of sealed ones it holds a commitment; each can be shown, or erased, by itself."
              columns={[{ label: 'Field' }, { label: 'Kept' }, { label: 'Value' }]}
              rows={fields.map(([name, value]) => ({
                key: name,
                cells: [
                  <code key="name">{name}</code>,
                  open === undefined ? '…' : open.has(name) ? 'open' : 'sealed',
                  <FieldValue key="value" name={name} value={value} />,
                ],
              }))}
            />
          </div>
        )}
      </Section>
      <Section title="Signers" id="signers">
        <ul className="cs-list">
          {one.signers.map((signer) => (
            <li key={signer}>
              <Digest>{signer}</Digest>
            </li>
          ))}
        </ul>
        {one.attachments.length > 0 && (
          <Table
            caption="Attachments"
            columns={[{ label: 'Name' }, { label: 'Type' }, { label: 'Bytes', numeric: true }]}
            rows={one.attachments.map((file) => ({
              key: file.sha256,
              cells: [file.name, file.mediaType, file.size],
            }))}
          />
        )}
      </Section>
      <Proof one={one} />
      {may && one.state === 'logged' && !one.retractedBy && (
        <Section title="Retract it" id="retract">
          <p className="cs-soft">
            Retracting adds evidence; this piece stays in the log. It takes two people.
          </p>
          <div className="mt-3">
            <FormDialog
              trigger="Ask to retract…"
              tone="alert"
              title="Ask to retract this evidence"
              says="Two people must sign with their passkeys. Your request appears under Approvals."
              submit="Ask"
              act={(form) => ask(`/evidence/${one.id}/retraction`, { body: { reason: form.get('reason') } })}
              after={() => (
                <p>
                  It waits for two signatures. <a href="/console/approvals">To the approvals</a>
                </p>
              )}
            >
              <Field id="retract-reason" name="reason" label="Reason" lines={3} required />
            </FormDialog>
          </div>
        </Section>
      )}
    </>
  )
}

function FieldValue({ name, value }: { name: string; value: unknown }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (text.length <= 160) return <span className="break-words">{text}</span>
  return (
    <details className="min-w-0">
      <summary>
        {text.length} characters<span className="av-hidden"> of {name}</span>
      </summary>
      <pre className="cs-note text-start">
        {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
      </pre>
    </details>
  )
}
