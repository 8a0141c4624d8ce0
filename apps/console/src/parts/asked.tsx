import { ErrorState, Page, PageHead } from '@avouch/ui'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiError } from '../api.ts'

/** While something is asked for. Says nothing for a moment, for most answers come at once. */
export function Waiting() {
  return (
    <p className="cs-soft" role="status">
      Reading…
    </p>
  )
}

/** What went wrong, in the API's own words. */
export function Problem({ error }: { error: unknown }) {
  if (error instanceof ApiError)
    return (
      <ErrorState message={error.message} fix={error.fix} where={error.where && `Where: ${error.where}`} />
    )
  return (
    <ErrorState
      message="Something went wrong in this page"
      where={error instanceof Error ? error.message : undefined}
      fix="Load the page again. If it comes back, tell whoever keeps this installation."
    />
  )
}

/** The answer to a question: waiting, refused, or shown. */
export function Asked<T>({ of, children }: { of: UseQueryResult<T>; children: (answer: T) => ReactNode }) {
  if (of.data !== undefined) return children(of.data)
  if (of.error) return <Problem error={of.error} />
  return <Waiting />
}

/** For addresses that name nothing; it stands outside the frame, so it brings its own. */
export function NotFound() {
  return (
    <Page home="/console/releases" narrow>
      <PageHead title="There is no such page">
        <p>
          The address may be mistyped. <a href="/console/releases">To the releases</a>
        </p>
      </PageHead>
    </Page>
  )
}
