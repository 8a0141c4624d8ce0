import { KeyValues, Notice, PageHead, Section } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type Campaign, questions } from '../data.ts'
import { Asked } from '../parts/asked.tsx'
import { EvidenceLink } from '../parts/evidence-link.tsx'
import { useProgress } from '../parts/live.ts'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { AgentSection } from './campaign/agents.tsx'
import { AttackRates } from './campaign/attack-rates.tsx'
import { Breaches } from './campaign/breaches.tsx'
import { ChangeSince } from './campaign/comparison.tsx'
import { ControlSection } from './campaign/control.tsx'
import { Effort } from './campaign/effort.tsx'
import { Exports } from './campaign/exports.tsx'
import { CampaignFindings } from './campaign/findings.tsx'
import { LedgerBar } from './campaign/ledger.tsx'
import { RegressionSection } from './campaign/regressions.tsx'
import { SealedPackSection } from './campaign/sealed-packs.tsx'

/** One campaign as it stands this moment; what is under way moves by itself. */
export function CampaignPage() {
  const { id } = useParams({ from: '/inside/campaigns/$id' })
  const campaign = useQuery(questions.campaign(id))
  const name = campaign.data?.about.release ?? campaign.data?.model ?? 'Campaign'
  useTitle(`Campaign of ${name}`)
  return (
    <>
      <PageHead
        title={`Campaign of ${name}`}
        crumbs={[{ label: 'Campaigns', href: '/console/campaigns' }, { label: `…${id.slice(-6)}` }]}
      />
      <Asked of={campaign}>{(found) => <Shown campaign={found} />}</Asked>
    </>
  )
}

function Shown({ campaign }: { campaign: Campaign }) {
  const { about, ledger } = campaign
  return (
    <>
      <div className="cs-stack">
        <Live campaign={campaign} />
        <LedgerBar ledger={ledger} />
        <KeyValues
          pairs={[
            {
              term: 'Release',
              value: about.release && (
                <a href={`/console/releases/${encodeURIComponent(about.release)}`}>{about.release}</a>
              ),
            },
            { term: 'Model asked', value: campaign.model },
            { term: 'Snapshot', value: about.snapshot },
            { term: 'Configuration', value: about.configuration },
            { term: 'State', value: campaign.state },
            { term: 'Started', value: <Moment at={campaign.startedAt} /> },
            { term: 'Ended', value: <Moment at={campaign.endedAt} /> },
            {
              term: 'Evidence',
              value: campaign.evidence ? <EvidenceLink id={campaign.evidence} /> : 'recorded when it ends',
            },
          ]}
        />
      </div>
      <Section title="How often it gave way" id="rates">
        <AttackRates campaign={campaign} />
      </Section>
      <AgentSection agents={campaign.agents} />
      <Section title="Change since the predecessor" id="comparison">
        <ChangeSince comparison={campaign.comparison} />
      </Section>
      <Section title="Trying again, and what it took" id="effort">
        <Effort campaign={campaign} />
      </Section>
      <ControlSection id={campaign.id} />
      <Section title="Findings" id="findings">
        <CampaignFindings findings={campaign.findings} />
      </Section>
      <RegressionSection regressions={campaign.regressions} />
      <SealedPackSection packs={campaign.sealedPacks} />
      <Section title="Attempts that got through" id="attempts">
        <Breaches id={campaign.id} />
      </Section>
      <Section title="Take it elsewhere" id="exports">
        <Exports id={campaign.id} />
      </Section>
    </>
  )
}

function Live({ campaign }: { campaign: Campaign }) {
  const progress = useProgress(campaign.id)
  if (campaign.state === 'stopped')
    return (
      <Notice tone="alert" title="It was stopped before its end">
        <p>
          {campaign.ledger.planned - campaign.ledger.notRun} of {campaign.ledger.planned} attempts were made,
          and what follows counts these alone. It goes on with{' '}
          <code>avouch red-team resume {campaign.id}</code>.
        </p>
      </Notice>
    )
  if (campaign.state !== 'running') return null
  const done = progress?.done ?? campaign.ledger.planned - campaign.ledger.notRun
  return (
    <p>
      <b>Under way:</b> {done} of {campaign.ledger.planned}, {progress?.counts.breach ?? 0} got through so far
    </p>
  )
}
