import { createHash } from 'node:crypto'
import { renderPage, staticDocument } from '@avouch/ui/static'
import { ClaimSection } from './parts/claims.tsx'
import { Glance } from './parts/glance.tsx'
import { Contents, Masthead } from './parts/masthead.tsx'
import { Notes } from './parts/notes.tsx'
import { Obligations, OpenFindings } from './parts/obligations.tsx'
import { makeSetting } from './parts/setting.ts'
import type { Report } from './report.ts'

/** What the page is made with: all of it goes inside the one file. */
export type Dress = {
  /** The verifier as one classic script; it mounts itself. */
  verifierScript: string
  /** Style sheets and `@font-face` rules, fonts inlined. */
  styles: string
}

/**
 * The covered bytes of `report.html` as text: one file that loads nothing, readable without scripts. The proof block
 * comes after it.
 */
export function renderReport(report: Report, { verifierScript, styles }: Dress): string {
  const setting = makeSetting(report)
  const document = staticDocument()
  const script = verifierScript.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const entries = [
    { id: 'glance', title: 'At a glance' },
    ...report.sections.map(({ id, title, claims }) => ({
      id,
      title,
      empty: isEmpty(report, id, claims.length),
    })),
    { id: 'obligations', title: 'The obligations' },
    { id: 'notes', title: 'Figures and their evidence' },
  ]
  return renderPage(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="Avouch" />
        <title>{`Transparency report: ${report.release.name}`}</title>
        <style {...raw(styles)} />
      </head>
      <body className="rp">
        <a className="av-skip" href="#main">
          Skip to the report
        </a>
        <div className="rp-page">
          <Masthead setting={setting} />
          <Contents entries={entries} />
          <main id="main" tabIndex={-1}>
            <Glance setting={setting} />
            {report.sections.map((section) => (
              <ClaimSection key={section.id} section={section} setting={setting} document={document}>
                {section.id === 'open-flaws' && <OpenFindings setting={setting} />}
              </ClaimSection>
            ))}
            <Obligations setting={setting} />
            <Notes setting={setting} />
          </main>
          <footer className="rp-foot">
            Made by Avouch from signed evidence. Whoever published it answers for it.
          </footer>
        </div>
        <script
          type="application/json"
          id="avouch-figures"
          {...raw(inlineJson(report.notes.map((note) => note.figure)))}
        />
        <script {...raw(script)} />
      </body>
    </html>,
  )
}

function isEmpty(report: Report, id: string, claims: number): boolean {
  return claims === 0 && (id !== 'open-flaws' || report.verdict.openFindings.length === 0)
}

/** Script, style and JSON go in byte for byte: the policy's hash is over these very bytes. */
function raw(text: string) {
  return { dangerouslySetInnerHTML: { __html: text } }
}

function inlineJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
