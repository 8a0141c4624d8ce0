import type { Checkpoint, Head } from '@avouch/core/log'
import type { Publication } from '@avouch/public-reporting/publish'
import { Button, Digest, EmptyState, EvidenceChip, KeyValues, PageHead, Section, Table } from '@avouch/ui'
import type { Cited } from './cited.ts'
import { Command, Moment, shell } from './shell.tsx'

const reportPath = (release: string) => `/reports/${encodeURIComponent(release)}`

/** `/`: what this is, the reports, how to check them, the log's published head. */
export function homePage(given: {
  url: string
  publications: Publication[]
  head: Head | undefined
  checkpoint: Checkpoint | undefined
}): string {
  const { publications, head, checkpoint } = given
  return shell({
    title: 'Avouch',
    here: '/',
    children: (
      <>
        <PageHead title="What was promised, and the proof that it was done">
          <p>
            Transparency reports about AI models, in which every figure leads to signed evidence that you can
            check on your own machine.
          </p>
        </PageHead>
        <Section title="Published reports" id="reports">
          {publications.length === 0 ? (
            <EmptyState title="No report is published yet">
              <p>Reports appear here once a release has been assessed and its report published.</p>
            </EmptyState>
          ) : (
            <ul className="pt-reports">
              {publications.map((one) => (
                <li className="pt-report" key={one.release}>
                  <div>
                    <h3>
                      <a href={reportPath(one.release)}>{one.release}</a>
                    </h3>
                    <p>
                      {one.figures} figures with evidence, {one.withheld} parts withheld. Published{' '}
                      <Moment at={one.publishedAt} />.
                    </p>
                  </div>
                  <Button href={`${reportPath(one.release)}/about`}>
                    Files and evidence<span className="av-hidden"> of {one.release}</span>
                  </Button>
                </li>
              ))}
            </ul>
          )}
        </Section>
        <Section title="How to check a report" id="check">
          <ol className="pt-steps">
            <li>Open the report. Its own page checks every figure it shows, and says so beside each.</li>
            <li>
              Bring the log’s key from somewhere that is not this site: a letter, a filing, an earlier copy.
              Without it a page can say “consistent”, never “verified”.
            </li>
            <li>
              Save the report’s file and <a href="/verify">check all of its bytes in your browser</a>, or by
              command, with no network at all:
              <Command>{'avouch verify report.html --key KEY'}</Command>
            </li>
          </ol>
        </Section>
        <Section title="The log" id="log">
          <p className="pt-prose">
            Evidence stands in an append-only log. Its published head is what every proof here leads to.
          </p>
          <div className="pt-note">
            <KeyValues
              pairs={[
                { term: 'Origin', value: head?.origin ?? 'not opened yet' },
                { term: 'Published size', value: checkpoint ? `${checkpoint.size} leaves` : 'none yet' },
                {
                  term: 'Published',
                  value: checkpoint?.published_at ? <Moment at={checkpoint.published_at} /> : null,
                },
              ]}
            />
          </div>
          <p className="pt-note">
            <a href="/log">What the log proves, and what it does not</a>
          </p>
        </Section>
      </>
    ),
  })
}

/** `/reports/NAME/about`: a report's files, its evidence, and how to check it by command. */
export function aboutPage(given: {
  url: string
  publication: Publication
  cited: Cited[]
  key: string | undefined
}): string {
  const { publication, cited, url, key } = given
  const path = reportPath(publication.release)
  return shell({
    title: `Report of ${publication.release}`,
    here: '',
    children: (
      <>
        <PageHead
          title={publication.release}
          crumbs={[{ label: 'Reports', href: '/' }, { label: publication.release }]}
        >
          <p>The files of this report, the evidence it opens, and how to check it without this site.</p>
        </PageHead>
        <p className="pt-acts">
          <Button href={path} tone="primary">
            Read the report
          </Button>
          <Button href={`${path}/report.html`}>Save report.html</Button>
          <Button href={`${path}/report.json`}>Save report.json</Button>
          <Button href={`${path}/model-card.md`}>Save model-card.md</Button>
        </p>
        <Section title="What was signed" id="signed">
          <KeyValues
            pairs={[
              { term: 'Published', value: <Moment at={publication.publishedAt} /> },
              { term: 'Figures', value: publication.figures },
              { term: 'Withheld parts', value: publication.withheld },
              { term: 'Log size', value: `${publication.treeSize} leaves` },
              { term: 'Covered bytes, SHA-256', value: <Digest>{publication.covered}</Digest> },
            ]}
          />
        </Section>
        <Section title="Check it" id="check">
          <div className="pt-prose">
            <p>Fetch the file, then check it with no network:</p>
            <Command>
              {`curl --output report.html ${new URL(`${path}/report.html`, url).href}\navouch verify report.html --key KEY`}
            </Command>
            <p>
              KEY is the log’s key as you know it from elsewhere. This site says that it is the one below; a
              site that lied about a report would lie about that too.
            </p>
            {key !== undefined && <Command>{key}</Command>}
            <p>
              Or <a href="/verify">check the saved file in your browser</a>.
            </p>
          </div>
        </Section>
        <Section title="Evidence that it opens" id="evidence">
          <Table
            caption={`${cited.length} leaves of the log. What the others hold, a report does not say.`}
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

/** `/verify`: the panel of the verifier, and what to do without scripts. */
export function verifyPage(given: { origin: string | undefined }): string {
  return shell({
    title: 'Verify a file',
    here: '/verify',
    script: '/assets/verifier.js',
    children: (
      <>
        <PageHead title="Verify a file">
          <p>
            Choose a saved report, or drop it here. It is read and checked in your browser and sent nowhere.
          </p>
        </PageHead>
        <section id="avouch-verifier" aria-label="Check a file">
          <p>This needs JavaScript. Without it, check the file by command:</p>
          <Command>{'avouch verify report.html --key KEY'}</Command>
        </section>
        <Section title="What the answer means" id="answers">
          <KeyValues
            pairs={[
              {
                term: 'Verified',
                value: 'Every check held, and the log’s key is the one that you brought from elsewhere.',
              },
              {
                term: 'Signer unknown',
                value:
                  'Every check held, but you gave no key: whoever made the file may have made its key too.',
              },
              {
                term: 'Failed',
                value: 'Some check did not hold. The list names each, and says what was wrong.',
              },
            ]}
          />
          <p className="pt-note">
            The key of a log looks like <code>{given.origin ?? 'log.example.com'}+1a2b3c4d+AW…</code>. Take it
            from a place that the publisher of the file cannot change.
          </p>
        </Section>
      </>
    ),
  })
}

/** `/log`: the log for people; machines read `/log/checkpoint` and the tiles. */
export function logPage(given: { head: Head | undefined; checkpoints: Checkpoint[] }): string {
  const { head, checkpoints } = given
  const newest = checkpoints[0]
  return shell({
    title: 'The log',
    here: '/log',
    children: (
      <>
        <PageHead title="The log">
          <p>An append-only list of commitments to evidence, which nobody can rewrite unseen.</p>
        </PageHead>
        <KeyValues
          pairs={[
            { term: 'Origin', value: head?.origin ?? 'The log is not opened yet.' },
            { term: 'Key', value: head ? <Digest>{head.key}</Digest> : null },
            { term: 'Published size', value: newest ? `${newest.size} leaves` : 'Nothing is published yet.' },
            {
              term: 'For machines',
              value: (
                <>
                  <a href="/log/checkpoint">checkpoint</a>, <a href="/log/key">key</a>, and tiles (C2SP
                  tlog-tiles) under <code>/log/tile/</code>
                </>
              ),
            },
          ]}
        />
        <Section title="What it proves, and what it does not" id="proves">
          <div className="pt-columns">
            <div>
              <h3>It proves</h3>
              <div className="pt-prose">
                <ul>
                  <li>that a piece of evidence stood in the log when a head was signed;</li>
                  <li>that no published head was ever taken back: each later one contains it;</li>
                  <li>where witnesses cosigned, that a head is not younger than they say.</li>
                </ul>
              </div>
            </div>
            <div>
              <h3>It does not prove</h3>
              <div className="pt-prose">
                <ul>
                  <li>that nothing else was recorded: proofs show inclusion, never completeness;</li>
                  <li>that a statement is true, only that it was signed and has not changed;</li>
                  <li>which weights answered when a model was tested;</li>
                  <li>anything against the log’s own keeper where no witness has cosigned.</li>
                </ul>
              </div>
            </div>
          </div>
        </Section>
        <Section title="Published checkpoints" id="checkpoints">
          {checkpoints.length === 0 ? (
            <EmptyState title="No checkpoint is published yet">
              <p>Checkpoints go out once a day, and whenever a report is published.</p>
            </EmptyState>
          ) : (
            <Table
              caption="Newest first; the newest fifty."
              columns={[{ label: 'Published' }, { label: 'Leaves', numeric: true }, { label: 'Witnessed' }]}
              rows={checkpoints.map((one) => ({
                key: `${one.origin}-${one.size}`,
                cells: [
                  <Moment key="at" at={one.published_at ?? one.signed_at} />,
                  one.size,
                  one.witnessed_at ? <Moment key="witnessed" at={one.witnessed_at} /> : 'not witnessed',
                ],
              }))}
            />
          )}
        </Section>
        {newest && (
          <Section title="The newest, as signed" id="note">
            <Command>{newest.note}</Command>
          </Section>
        )}
      </>
    ),
  })
}

/** The last words of a predicate type: `red-teaming / campaign-result`. */
function shortType(type: string): string {
  return type
    .replace(/^.*\/evidence\//, '')
    .replace(/\/v\d+$/, '')
    .replaceAll('/', ' / ')
}
