import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Publication } from '@avouch/public-reporting/publish'
import { Button, Digest, EvidenceChip, KeyValues, Notice, PageHead, Section, Table } from '@avouch/ui'
import { reportPath } from './addresses.ts'
import type { Cited } from './cited.ts'
import { Command, count, type Frame, Moment, shell } from './shell.tsx'

/** `/reports/NAME`: a report's files, how to check it without this site, and the evidence that it opens. */
export function reportPage(
  frame: Frame,
  given: {
    url: string
    publication: Publication
    /** The report's own evidence; undefined where it is gone from the database. */
    record: EvidenceRecord | undefined
    cited: readonly Cited[]
    key: string | undefined
  },
): string {
  const { publication, record, cited, url, key } = given
  const { release } = publication
  const path = reportPath(release)
  return shell(frame, {
    title: `Report on ${release}`,
    children: (
      <>
        <PageHead title={release} crumbs={[{ label: 'Reports', href: '/' }, { label: release }]}>
          <p>
            The transparency report on this release, published <Moment at={publication.publishedAt} />.
          </p>
        </PageHead>
        <Standing record={record} />
        <p className="pt-acts">
          <Button href={`${path}/report.html`} tone="primary">
            Read the report
          </Button>
          <SaveLink path={path} name="report.html" />
          <SaveLink path={path} name="report.json" />
          <SaveLink path={path} name="model-card.md" />
        </p>
        <Section title="What was signed" id="signed">
          <KeyValues
            pairs={[
              { term: 'Figures', value: `${publication.figures}, each with its evidence` },
              {
                term: 'Withheld',
                value: `${count(publication.withheld, 'part')}, each shown as withheld with its commitment`,
              },
              {
                term: 'Proved against',
                value: `${count(publication.treeSize, 'leaf', 'leaves')} of the log`,
              },
              { term: 'SHA-256 of the covered bytes', value: <Digest>{publication.covered}</Digest> },
            ]}
          />
        </Section>
        <Section title="Check it yourself" id="check">
          <div className="pt-prose">
            <p>
              Save the file and <a href="/verify">check it in your browser</a>, or fetch it and check it by
              command; the check needs no network:
            </p>
            <Command>
              {`curl -o report.html ${new URL(`${path}/report.html`, url).href}\nnpx avouch verify report.html --key KEY`}
            </Command>
            <p>
              KEY is the log’s key as you know it from elsewhere. This site says that it is the one below; but
              a site that lied about a report would lie about that too, so compare the two.
            </p>
            <Command>{key ?? 'The log is not opened yet.'}</Command>
          </div>
        </Section>
        <Section title="Evidence that it opens" id="evidence">
          <Table
            caption={`${count(cited.length, 'statement')} of the ${count(publication.treeSize, 'leaf', 'leaves')} in the log, besides those that certify keys. What the others hold, the report does not say.`}
            columns={[
              { label: 'Evidence' },
              { label: 'Statement' },
              { label: 'Leaf', numeric: true },
              { label: 'Open fields', numeric: true },
            ]}
            rows={cited.map((one) => ({
              key: one.digest,
              cells: [
                shortType(one.type),
                <EvidenceChip key="chip" digest={one.digest} label="" />,
                one.index,
                one.fields,
              ],
            }))}
          />
        </Section>
      </>
    ),
  })
}

function SaveLink({ path, name }: { path: string; name: string }) {
  return (
    <a className="av-button" href={`${path}/${name}`} download={name}>
      Save {name}
    </a>
  )
}

/** Whether this report stands, and whether it took the place of another. */
function Standing({ record }: { record: EvidenceRecord | undefined }) {
  if (record?.retractedBy !== undefined)
    return (
      <div className="pt-standing">
        <Notice tone="alert" title="This report is retracted">
          <p>Its publisher has withdrawn it. It is kept here because it was published.</p>
        </Notice>
      </div>
    )
  if (record?.supersededBy !== undefined)
    return (
      <div className="pt-standing">
        <Notice tone="alert" title="This report is superseded">
          <p>A later one is recorded in the log, whose files are not published here.</p>
        </Notice>
      </div>
    )
  if (record?.supersedes === undefined) return null
  return (
    <div className="pt-standing">
      <Notice title="This report replaces an earlier one">
        <p>
          Both are in the log, and this one’s evidence names the one that it supersedes. A saved copy of the
          earlier report still checks: it is what was published then, and no longer what is said now.
        </p>
      </Notice>
    </div>
  )
}

/** The last words of a predicate type: `red-teaming: campaign result`. */
function shortType(type: string): string {
  return type
    .replace(/^.*\/evidence\//, '')
    .replace(/\/v\d+$/, '')
    .replace('/', ': ')
    .replaceAll('/', ' ')
}
