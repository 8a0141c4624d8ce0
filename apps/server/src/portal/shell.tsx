import { Page } from '@avouch/ui'
import { renderPage } from '@avouch/ui/static'
import type { ReactNode } from 'react'

const places = [
  { href: '/', label: 'Reports' },
  { href: '/check', label: 'Check content' },
  { href: '/verify', label: 'Verify a file' },
  { href: '/log', label: 'The log' },
]

/** The turnstile in the accent of a light page, as the tab's picture. */
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2.5 1v14M3.5 8h11' fill='none' stroke='%233b7cab' stroke-width='2.6'/%3E%3C/svg%3E"

/** What stands around every public page. */
export type Frame = {
  /** Address of the style sheet. */
  sheet: string
  version: string
  /** Whether the installation says whom to tell about security problems. */
  contact: boolean
  /** Whether this server has the console too. */
  console: boolean
}

/** A whole public page as text to send. `script` is the address of its one script, where it has one. */
export function shell(
  frame: Frame,
  page: { title: string; here?: string; script?: string; children: ReactNode },
): string {
  return renderPage(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{page.title === 'Avouch' ? 'Avouch' : `${page.title} · Avouch`}</title>
        <link rel="icon" href={icon} />
        <link rel="stylesheet" href={frame.sheet} />
        {page.script !== undefined && <script src={page.script} defer />}
      </head>
      <body>
        <Page
          navigation={places.map((place) => ({ ...place, current: place.href === page.here }))}
          foot={
            <>
              <span className="pt-motto">The figures can be checked without trusting this site.</span>
              {frame.contact && <a href="/.well-known/security.txt">Report a security problem</a>}
              {frame.console && <a href="/console/">Console</a>}
              <span>Avouch {frame.version}</span>
            </>
          }
        >
          {page.children}
        </Page>
      </body>
    </html>,
  )
}

/** A moment in UTC: `24 November 2026, 01:20 UTC`. */
export function Moment({ at }: { at: Date }) {
  const day = at.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
  return (
    <time dateTime={at.toISOString()}>
      {day}, {at.toISOString().slice(11, 16)} UTC
    </time>
  )
}

/** A command, a key or a note to copy. */
export function Command({ children }: { children: string }) {
  return (
    <pre className="pt-command">
      <code>{children}</code>
    </pre>
  )
}

/** `1 leaf`, `2,431 leaves`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`
}
