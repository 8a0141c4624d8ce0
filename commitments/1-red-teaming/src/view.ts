import {
  attemptsWithVerdict,
  type CampaignRow,
  type CampaignState,
  type Count,
  campaignsOf,
  readCampaign,
  standingOf,
  workedAt,
} from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { About } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { PURPOSE } from './campaign.ts'
import type { Domain } from './domain.ts'
import type { RedTeamProbe } from './probe.ts'

/** A campaign in a list. */
export type CampaignSummary = {
  id: string
  about: About
  model: string
  /** `stopped`: it has not ended, and no process works at it. */
  state: CampaignState | 'stopped'
  items: number
  createdAt: string
  startedAt: string | null
  endedAt: string | null
  evidence: string | null
}

/** A campaign in a list with what came of it so far: attempts, those judged as a breach, and errors. */
export type ListedCampaign = CampaignSummary & { done: number; breaches: number; errored: number }

export async function listCampaigns(installation: Installation, release?: string): Promise<ListedCampaign[]> {
  const rows = await campaignsOf(installation.db, {
    purpose: PURPOSE,
    ...(release !== undefined && { release }),
  })
  const atWork = await workedAt(installation.db, underWay(rows))
  return Promise.all(
    rows.map(async (row) => {
      const { counts } = await standingOf(installation.db, row.id)
      const sum = (of: (count: Count) => boolean): number =>
        counts.filter(of).reduce((total, { n }) => total + n, 0)
      return {
        ...summaryOf(row, atWork),
        done: sum(() => true),
        breaches: sum(({ verdict }) => verdict === 'breach'),
        errored: sum(({ status }) => status === 'errored'),
      }
    }),
  )
}

/** Campaigns that have begun and not ended. */
export function underWay(rows: readonly CampaignRow[]): string[] {
  return rows.filter(({ state }) => state === 'running').map(({ id }) => id)
}

/** One attempt in a list: what it was and how it was judged, without its words. */
export type AttemptLine = {
  item: number
  probe: string
  title: string
  strategy: string
  verdict: string | null
}

/** Attempts that ended in a breach (or in part of one), in item order, a page at a time. */
export async function listBreaches(
  installation: Installation,
  id: string,
  filter: { domain?: Domain; strategy?: string; behaviour?: string; after?: number; limit: number },
): Promise<AttemptLine[]> {
  const { document } = await readOurs(installation, id)
  const probes = [...document.probes.keys()].filter((index) => {
    const probe = document.probes[index]!
    return (
      probe.kind === 'attack' &&
      (filter.domain === undefined || probe.domain === filter.domain) &&
      (filter.behaviour === undefined || probe.behaviour === filter.behaviour)
    )
  })
  const strategy =
    filter.strategy === undefined
      ? undefined
      : document.strategies.findIndex(({ name }) => name === filter.strategy)
  const rows = await attemptsWithVerdict(installation.db, id, {
    verdicts: ['breach', 'partial'],
    probes,
    ...(strategy !== undefined && { strategy }),
    ...(filter.after !== undefined && { after: filter.after }),
    limit: filter.limit,
  })
  return rows.map((row) => ({
    item: row.item,
    probe: document.probes[row.probe]!.id,
    title: document.probes[row.probe]!.title,
    strategy: document.strategies[row.strategy]!.name,
    verdict: row.verdict,
  }))
}

/** A red-teaming campaign. Throws `not-found` where there is none. */
export async function readOurs(installation: Installation, id: string) {
  const found = await readCampaign<RedTeamProbe>(installation, id)
  if (found.row.purpose !== PURPOSE)
    throw new AvouchError('not-found', `Campaign ${id} is no red-teaming campaign`)
  return found
}

/** A campaign's row as lists and pages show it. `atWork` are those that a process works at. */
export function summaryOf(row: CampaignRow, atWork: ReadonlySet<string>): CampaignSummary {
  return {
    id: row.id,
    about: row.about,
    model: row.target.model,
    state: row.state === 'running' && !atWork.has(row.id) ? 'stopped' : row.state,
    items: row.items,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    evidence: row.resultEvidence,
  }
}
