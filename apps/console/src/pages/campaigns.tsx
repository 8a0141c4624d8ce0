import { EmptyState, PageHead, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type ListedCampaign, questions } from '../data.ts'
import { Asked } from '../parts/asked.tsx'
import { useProgress } from '../parts/live.ts'
import { Pages, pageOf } from '../parts/paged.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'

/** Red-teaming campaigns, newest first. */
export function Campaigns() {
  useTitle('Campaigns')
  const { page, release } = useSearch({ from: '/inside/campaigns' })
  const campaigns = useQuery(questions.campaigns(release))
  return (
    <>
      <PageHead title="Campaigns">
        <p>Each asks a model what it should refuse, and counts what came back. Nothing is counted twice.</p>
      </PageHead>
      {release && (
        <p className="cs-filters">
          Only {release}. <a href="/console/campaigns">Show all</a>
        </p>
      )}
      <Asked of={campaigns}>
        {(all) => {
          if (all.length === 0)
            return (
              <EmptyState title="No campaign yet">
                <p>
                  One is planned and run by <code>avouch assess</code>. Its progress can be followed here.
                </p>
              </EmptyState>
            )
          const newest = [...all].sort((a, b) => b.createdAt.localeCompare(a.createdAt))
          const { shown, ...place } = pageOf(newest, page)
          return (
            <>
              <Table
                columns={[
                  { label: 'Campaign' },
                  { label: 'State' },
                  { label: 'Model' },
                  { label: 'Started' },
                  { label: 'Attempts', numeric: true },
                  { label: 'Judged a breach', numeric: true },
                  { label: 'Errors', numeric: true },
                ]}
                rows={shown.map((campaign) => ({
                  key: campaign.id,
                  cells: [
                    <a key="name" href={`/console/campaigns/${campaign.id}`}>
                      {campaign.about.release ?? campaign.model} <code>…{campaign.id.slice(-6)}</code>
                    </a>,
                    <State key="state" campaign={campaign} />,
                    campaign.model,
                    <Moment key="at" at={campaign.startedAt} />,
                    campaign.done === campaign.items
                      ? campaign.items
                      : `${campaign.done} of ${campaign.items}`,
                    campaign.breaches,
                    campaign.errored,
                  ],
                }))}
              />
              <Pages {...place} what="campaigns" />
            </>
          )
        }}
      </Asked>
    </>
  )
}

function State({ campaign }: { campaign: ListedCampaign }) {
  const progress = useProgress(campaign.id)
  if (campaign.state !== 'running' || !progress) return campaign.state
  return (
    <>
      running, {progress.done} of {progress.planned}
    </>
  )
}
