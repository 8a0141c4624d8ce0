import { EmptyState, IntervalTable, KeyValues, PageHead, ProgressBar, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { type Campaign, questions, type Rate } from '../data.ts'
import { Asked, Waiting } from '../parts/asked.tsx'
import { Breaches } from '../parts/breaches.tsx'
import { LedgerBar } from '../parts/ledger.tsx'
import { useProgress } from '../parts/live.ts'
import { Pages, pageOf } from '../parts/paged.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { domainTitle } from '../parts/words.ts'

const RateChart = lazy(() => import('../parts/rate-chart.tsx'))

/** One campaign as it stands this moment. No prompt and no answer is shown unasked. */
export function CampaignPage() {
  const { id } = useParams({ from: '/inside/campaigns/$id' })
  const campaign = useQuery(questions.campaign(id))
  const title = campaign.data
    ? `Campaign against ${campaign.data.about.release ?? campaign.data.model}`
    : 'Campaign'
  useTitle(title)
  return (
    <>
      <PageHead
        title={title}
        crumbs={[{ label: 'Campaigns', href: '/console/campaigns' }, { label: 'Campaign' }]}
      />
      <Asked of={campaign}>{(found) => <View campaign={found} />}</Asked>
    </>
  )
}

function View({ campaign }: { campaign: Campaign }) {
  const search = useSearch({ from: '/inside/campaigns/$id' })
  const now = useProgress(campaign.id)
  const findings = pageOf(campaign.findings, search.findings)
  const running = (now?.state ?? campaign.state) === 'running'
  return (
    <>
      <KeyValues
        pairs={[
          { term: 'State', value: now?.state ?? campaign.state },
          { term: 'Model', value: campaign.model },
          { term: 'Snapshot', value: campaign.about.snapshot },
          { term: 'Configuration', value: campaign.about.configuration },
          { term: 'Started', value: <Moment at={campaign.startedAt} /> },
          { term: 'Ended', value: <Moment at={campaign.endedAt} /> },
          {
            term: 'Result',
            value: campaign.evidence && (
              <a href={`/console/evidence/${campaign.evidence}`}>the evidence of its result</a>
            ),
          },
        ]}
      />
      <Section title="The ledger" id="ledger">
        <div className="cs-stack">
          {running && (
            <ProgressBar
              label="Under way"
              done={now?.done ?? campaign.ledger.executed}
              total={campaign.ledger.planned}
            />
          )}
          <LedgerBar ledger={campaign.ledger} />
          <p className="cs-small">
            Errors and refusals by the provider count neither as breaches nor as resistance.
          </p>
        </div>
      </Section>
      <Section title="Breaches by domain" id="rates">
        <div className="cs-stack">
          {campaign.domains.some(({ rate }) => rate) && (
            <Suspense fallback={<Waiting />}>
              <RateChart
                rows={campaign.domains.flatMap(({ domain, rate }) =>
                  rate ? [{ label: domainTitle(domain), ...rate }] : [],
                )}
              />
            </Suspense>
          )}
          <IntervalTable
            caption="Breaches among judged attempts, with 95 % intervals over behaviours. Tested is not safe."
            heads={{ label: 'Domain', value: 'Rate', interval: '95 % interval', n: 'Judged' }}
            rows={campaign.domains.map(({ domain, rate }) => ({
              key: domain,
              label: domainTitle(domain),
              ...rateCells(rate),
            }))}
          />
          <IntervalTable
            caption="By strategy, all domains together."
            heads={{ label: 'Strategy', value: 'Rate', interval: '95 % interval', n: 'Judged' }}
            rows={[
              ...campaign.strategies.map(({ strategy, rate }) => ({
                key: strategy,
                label: strategy,
                ...rateCells(rate),
              })),
              {
                key: 'over-refusal',
                label: 'Harmless questions refused',
                ...rateCells(campaign.overRefusal),
              },
            ]}
          />
        </div>
      </Section>
      <Section title="Findings" id="findings">
        {campaign.findings.length === 0 ? (
          <EmptyState title="No finding">
            <p>No behaviour was breached in what was judged. That says nothing of what was not tried.</p>
          </EmptyState>
        ) : (
          <>
            <Table
              columns={[
                { label: 'Behaviour' },
                { label: 'Severity' },
                { label: 'Domain' },
                { label: 'Strategy' },
                { label: 'Breaches', numeric: true },
              ]}
              rows={findings.shown.map((one) => ({
                key: one.id,
                cells: [
                  one.behaviour,
                  one.severity,
                  domainTitle(one.domain),
                  one.strategy,
                  `${one.breaches} of ${one.trials}`,
                ],
              }))}
            />
            <Pages {...findings} name="findings" what="findings" />
          </>
        )}
      </Section>
      <Section title="Attempts that ended in a breach" id="breaches">
        <Breaches
          campaign={campaign.id}
          after={search.after}
          domain={search.domain}
          domains={campaign.domains.map(({ domain }) => domain)}
        />
      </Section>
    </>
  )
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

function rateCells(rate: Rate | null) {
  if (!rate) return { value: 'not tested' }
  return { value: percent(rate.value), interval: `${percent(rate.low)} to ${percent(rate.high)}`, n: rate.n }
}
