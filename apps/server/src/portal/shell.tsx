import { Page } from '@avouch/ui'
import { renderPage } from '@avouch/ui/static'
import type { ReactNode } from 'react'

const places = [
  { href: '/', label: 'Reports' },
  { href: '/verify', label: 'Verify a file' },
  { href: '/log', label: 'The log' },
]

/** A whole public page as bytes to send. `script` is the address of its one script, where it has one. */
export function shell(given: { title: string; here?: string; script?: string; children: ReactNode }): string {
  return renderPage(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{given.title === 'Avouch' ? 'Avouch' : `${given.title} · Avouch`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/portal.css" />
        {given.script !== undefined && <script src={given.script} defer />}
      </head>
      <body>
        <Page
          navigation={places.map((place) => ({ ...place, current: place.href === given.here }))}
          foot={
            <>
              <span>Nothing on these pages has to be taken on trust.</span>
              <a href="/.well-known/security.txt">Report a security problem</a>
              <a href="/console/">Console</a>
            </>
          }
        >
          {given.children}
        </Page>
      </body>
    </html>,
  )
}

/** A moment in UTC, as `24 November 2026, 01:20 UTC`. */
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

/** A command to copy. */
export function Command({ children }: { children: string }) {
  return <pre className="pt-command">{children}</pre>
}
