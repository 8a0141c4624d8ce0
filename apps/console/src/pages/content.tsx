import { EmptyState, KeyValues, Notice, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { contentQuestions, type Marking } from '../content-data.ts'
import { Asked } from '../parts/asked.tsx'
import { EvidenceLink } from '../parts/evidence-link.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'

/** Services that mark what they make, how much they marked, and what marks are signed with. */
export function Content() {
  useTitle('Content')
  const marking = useQuery(contentQuestions.services())
  return (
    <>
      <PageHead title="Marked content">
        <p>
          What the system makes carries an invisible watermark, a signed manifest and an entry in the
          register. None of them is about a person. Anyone can <a href="/check">check a file</a>.
        </p>
      </PageHead>
      <Asked of={marking}>
        {(found) => (
          <>
            {found.signer === null && (
              <Notice tone="alert" title="No manifest is signed">
                <p>
                  This installation has no certificate. Install one with{' '}
                  <code>avouch content certificate CHAIN KEY</code>; <code>avouch content ca</code> makes one
                  for trying out.
                </p>
              </Notice>
            )}
            <Services {...found} />
            <Settings {...found} />
          </>
        )}
      </Asked>
    </>
  )
}

function Services({ services }: Marking) {
  if (services.length === 0)
    return (
      <EmptyState title="Nothing was marked yet">
        <p>
          Mark a file with <code>avouch content mark IN -o OUT --model SERVICE/MODEL</code>, or let services
          call <code>POST /v1/content/mark</code>.
        </p>
      </EmptyState>
    )
  return (
    <Table
      columns={[
        { label: 'Service' },
        { label: 'Model' },
        { label: 'Number', numeric: true },
        { label: 'Marked', numeric: true },
        { label: 'With watermark', numeric: true },
        { label: 'With manifest', numeric: true },
        { label: 'Not in evidence yet', numeric: true },
        { label: 'Latest' },
        { label: 'How it marks' },
      ]}
      rows={services.map((one) => ({
        key: String(one.number),
        cells: [
          one.service,
          one.model,
          one.number,
          one.marked.toLocaleString('en-GB'),
          one.watermark.toLocaleString('en-GB'),
          one.manifest.toLocaleString('en-GB'),
          one.uncounted.toLocaleString('en-GB'),
          one.latest ? <Moment key="latest" at={one.latest} /> : 'never',
          one.evidence ? <EvidenceLink key="evidence" id={one.evidence} /> : 'not recorded',
        ],
      }))}
    />
  )
}

function Settings({ signer, trustList, timeStamped, feedback }: Marking) {
  return (
    <Section title="What marks rest on" id="settings">
      <KeyValues
        pairs={[
          { term: 'Signs manifests', value: signer?.subject ?? 'Nobody' },
          { term: 'Until', value: signer ? <Moment at={signer.until} /> : null },
          {
            term: 'Dated by others',
            value: timeStamped ? 'By a time-stamping authority' : 'No time-stamping authority is configured',
          },
          {
            term: 'Trust list',
            value:
              trustList === 0
                ? 'Empty: no manifest of anybody is called trusted'
                : `${trustList} ${trustList === 1 ? 'authority' : 'authorities'}`,
          },
          { term: 'Feedback goes to', value: feedback ?? 'No address is configured' },
        ]}
      />
    </Section>
  )
}
