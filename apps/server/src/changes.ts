import type { Installation } from '@avouch/core/installation'
import type { readHead } from '@avouch/core/log'
import { sql } from 'kysely'

/** How far one campaign is. `counts` are items by verdict, or by status where there is none. */
export type CampaignProgress = {
  id: string
  purpose: string
  about: Record<string, unknown>
  state: string
  planned: number
  done: number
  counts: Record<string, number>
  startedAt: string | null
  endedAt: string | null
}

type Listener = (event: 'campaign' | 'log', data: unknown) => void

/**
 * Watches the database for whoever listens: one poller a process, none while nobody does. It asks once a second, or
 * less often where the answer itself takes long.
 */
export class Changes {
  private readonly installation: Installation
  private readonly head: typeof readHead
  private readonly listeners = new Set<Listener>()
  private readonly sent = new Map<string, { event: 'campaign' | 'log'; text: string; data: unknown }>()
  private timer: NodeJS.Timeout | undefined
  private stopped = false

  constructor(installation: Installation, head: typeof readHead) {
    this.installation = installation
    this.head = head
  }

  /** Tells the listener all that is current, then every change. Returns what ends it. */
  listen(listener: Listener): () => void {
    for (const { event, data } of this.sent.values()) listener(event, data)
    this.listeners.add(listener)
    if (this.listeners.size === 1) this.schedule(0)
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size > 0) return
      clearTimeout(this.timer)
      this.sent.clear()
    }
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
    this.listeners.clear()
  }

  private schedule(wait: number): void {
    clearTimeout(this.timer)
    if (!this.stopped && this.listeners.size > 0) this.timer = setTimeout(() => void this.look(), wait)
  }

  private async look(): Promise<void> {
    const began = performance.now()
    try {
      const [campaigns, head] = await Promise.all([this.campaigns(), this.head(this.installation.db)])
      for (const campaign of campaigns) this.tell('campaign', campaign.id, campaign)
      this.tell('log', 'log', { origin: head?.origin ?? null, size: head?.size ?? 0 })
    } catch (error) {
      this.installation.log.warn({ err: error }, 'live progress could not be read; trying again')
    }
    this.schedule(Math.max(1000, 10 * (performance.now() - began)))
  }

  private tell(event: 'campaign' | 'log', key: string, data: unknown): void {
    const text = JSON.stringify(data)
    if (this.sent.get(key)?.text === text) return
    this.sent.set(key, { event, text, data })
    for (const listener of this.listeners) listener(event, data)
  }

  /** Campaigns under way, and those that ended in the last minute, so that their end is seen. */
  private async campaigns(): Promise<CampaignProgress[]> {
    const since = new Date(this.installation.now().getTime() - 60_000)
    const { rows } = await sql<CampaignProgress & { started: Date | null; ended: Date | null }>`
      select c.id, c.purpose, c.about, c.state, c.items as planned, c.started_at as started, c.ended_at as ended,
        coalesce(sum(a.n), 0)::int as done, coalesce(jsonb_object_agg(a.kind, a.n) filter (where a.kind is not null), '{}') as counts
      from campaign.campaign c
      left join lateral (
        select coalesce(verdict, status) as kind, count(*)::int as n from campaign.attempt where campaign = c.id group by 1
      ) a on true
      where c.state = 'running' or c.ended_at > ${since}
      group by c.id order by c.created_at desc limit 50`.execute(this.installation.db.kysely)
    return rows.map(({ started, ended, ...row }) => ({
      ...row,
      startedAt: started?.toISOString() ?? null,
      endedAt: ended?.toISOString() ?? null,
    }))
  }
}
