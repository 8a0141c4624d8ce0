import { PageHead } from '@avouch/ui'
import { useTitle } from '../parts/title.ts'
import { BrokenGlasses } from './access/glasses.tsx'
import { LiveLeases } from './access/leases.tsx'
import { Notices } from './access/notices.tsx'
import { Requests } from './access/requests.tsx'
import { AccessReviews } from './access/reviews.tsx'

/** Who may read weights now, who asks to, and what has to be looked at. */
export function Access() {
  useTitle('Access to weights')
  return (
    <>
      <PageHead title="Access to weights">
        <p>
          Nobody reads weights but under a lease, and nobody gets a lease but by two people of other teams.
          The clock starts when the second signs. Who may ask follows from{' '}
          <a href="/console/access/jobs">what people do here</a>.
        </p>
        <p>
          <a href="/console/access/mine">Your own access, and how to ask for it</a>
        </p>
      </PageHead>
      <Notices />
      <Requests />
      <LiveLeases />
      <AccessReviews />
      <BrokenGlasses />
    </>
  )
}
