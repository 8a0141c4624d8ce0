import { EmptyState, PageHead, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type CampaignSummary, questions } from '../data.ts'
import { Asked } from '../parts/asked.tsx'
import { ReleaseFilter } from '../parts/filters.tsx'
import { useProgress } from '../parts/live.ts'
import { Pages, pageOf } from '../parts/paged.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'

/** Red-teaming campaigns, newest first, as they run. */
export function Campaigns() {
  useTitle('Campaigns')
  const { page, release } = useSearch({ from: '/inside/campaigns' })
  const campaigns = useQuery(questions.campaigns(release))
  return (
    <>
      <PageHead title="Campaigns">
        <p>Planned attacks on a model, each recorded, each judged. Those that run show how far they are.</p>
      </PageHead>
      <ReleaseFilter release={release} />
      <Asked of={campaigns}>
        {(all) => {
          const part = pageOf(all, page)
          return all.length === 0 ? (
            <EmptyState title={release ? `No campaign against ${release}` : 'No campaign is on record'}>
              <p>
                <code>avouch assess</code> runs one.
              </p>
            </EmptyState>
          ) : (
            <>
              <Table
                columns={[
                  { label: 'Campaign' },
                  { label: 'Release' },
                  { label: 'State' },
                  { label: 'Attempts', numeric: true },
                  { label: 'Ended' },
                ]}
                rows={part.shown.map((one) => ({
                  key: one.id,
                  cells: [
                    <a key="link" href={`/console/campaigns/${one.id}`}>
                      {one.model}, <Moment at={one.createdAt} />
                    </a>,
                    one.about.release ?? 'none',
                    <State key="state" of={one} />,
                    <Attempts key="attempts" of={one} />,
                    <Moment key="end" at={one.endedAt} />,
                  ],
                }))}
              />
              <Pages {...part} what="campaigns" />
            </>
          )
        }}
      </Asked>
    </>
  )
}

function State({ of }: { of: CampaignSummary }) {
  return useProgress(of.id)?.state ?? of.state
}

function Attempts({ of }: { of: CampaignSummary }) {
  const now = useProgress(of.id)
  return now && now.done < now.planned ? `${now.done} of ${now.planned}` : of.items
}
