import { Digest, KeyValues, Wordmark } from '@avouch/ui'
import { configurationWords, day } from '../words.ts'
import type { Setting } from './setting.ts'

/** The head of the report: whose it is, of what, and of which moment. */
export function Masthead({ setting }: { setting: Setting }) {
  const { release, verdict, moment } = setting.report
  const { basis } = verdict
  return (
    <header className="rp-masthead">
      <div className="rp-kind">
        <Wordmark />
        <span>Transparency report</span>
      </div>
      <h1>{release.name}</h1>
      <div className="rp-facts">
        <KeyValues
          pairs={[
            {
              term: 'Snapshot',
              value: release.snapshot ? <Digest>{release.snapshot}</Digest> : 'not recorded',
            },
            { term: 'Configuration', value: configurationWords(release.configuration) },
          ]}
        />
        <KeyValues
          pairs={[
            { term: 'As of', value: <time dateTime={moment}>{day(moment)}</time> },
            { term: 'Log', value: <code>{basis.origin}</code> },
          ]}
        />
      </div>
      <section id="avouch-check" className="rp-check" aria-labelledby="avouch-check-title">
        <h2 id="avouch-check-title">Check this report</h2>
        <div id="avouch-verifier">
          <p>
            Where scripts may run, this page checks itself here. To check it without trusting this page, run{' '}
            <code>avouch verify report.html --key KEY</code> with the log’s key from elsewhere.
          </p>
        </div>
      </section>
    </header>
  )
}

/** The way through the report. */
export function Contents({
  entries,
}: {
  entries: readonly { id: string; title: string; empty?: boolean }[]
}) {
  return (
    <nav className="rp-contents" aria-label="Contents">
      <h2>Contents</h2>
      <ol>
        {entries.map(({ id, title, empty }) => (
          <li key={id}>
            <a href={`#${id}`} data-empty={empty ? '' : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  )
}
