import type { Checkpoint, Head } from '@avouch/core/log'
import type { Publication } from '@avouch/public-reporting/publish'
import { Button, EmptyState, KeyValues, PageHead, Section } from '@avouch/ui'
import { reportPath } from './addresses.ts'
import { Command, count, type Frame, Moment, shell } from './shell.tsx'

/** `/`: what this is and whose, the reports, how to check them, the log's published head. */
export function homePage(
  frame: Frame,
  given: {
    host: string
    publications: readonly Publication[]
    head: Head | undefined
    checkpoint: Checkpoint | undefined
  },
): string {
  const { host, publications, head, checkpoint } = given
  return shell(frame, {
    title: 'Avouch',
    here: '/',
    children: (
      <>
        <PageHead title="What was promised, and the evidence of what was done">
          <p>
            Transparency reports about AI models. Every figure leads to signed evidence, which you can check
            on your own machine, without trusting <span className="pt-host">{host}</span>, whose pages these
            are.
          </p>
        </PageHead>
        <Section title="Published reports" id="reports">
          {publications.length === 0 ? (
            <EmptyState title="No report is published yet">
              <p>A report appears here once a release has been assessed and its report published.</p>
            </EmptyState>
          ) : (
            <ul className="pt-reports">
              {publications.map((one) => (
                <Entry key={one.release} publication={one} />
              ))}
            </ul>
          )}
        </Section>
        <Section title="How to check a report" id="check">
          <ol className="pt-steps">
            <li>Open the report. Its own page checks every figure that it shows, and marks each.</li>
            <li>
              Bring the log’s key from somewhere other than this site: a letter, a filing, an earlier copy.
              Without it a page can say “consistent”, never “verified”.
            </li>
            <li>
              Save the report’s file and <a href="/verify">check all of its bytes in your browser</a>; or by
              command, without a network:
              <Command>npx avouch verify report.html --key KEY</Command>
            </li>
          </ol>
        </Section>
        <Section title="The log" id="log">
          <p className="pt-prose">
            Evidence is recorded in a log. Every proof in these reports leads to its published head, and a log
            that was rewritten would no longer match the heads that others hold.
          </p>
          <div className="pt-facts">
            <KeyValues
              pairs={[
                { term: 'Origin', value: head?.origin ?? 'The log is not opened yet.' },
                {
                  term: 'Published head',
                  value: checkpoint ? count(checkpoint.size, 'leaf', 'leaves') : 'None yet.',
                },
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

function Entry({ publication }: { publication: Publication }) {
  const { release, figures, withheld, treeSize, publishedAt } = publication
  return (
    <li className="pt-report">
      <div>
        <h3>
          <a href={reportPath(release)}>{release}</a>
        </h3>
        <p>
          Published <Moment at={publishedAt} />
        </p>
        <p>
          {count(figures, 'figure')} with evidence, {count(withheld, 'part')} withheld,{' '}
          {count(treeSize, 'leaf', 'leaves')} in the log
        </p>
      </div>
      <Button href={`${reportPath(release)}/report.html`}>
        Read the report<span className="av-hidden"> on {release}</span>
      </Button>
    </li>
  )
}
