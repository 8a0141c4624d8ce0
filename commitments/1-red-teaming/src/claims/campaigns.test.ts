import type { EvidenceRecord } from '@avouch/core/evidence'
import { describe, expect, it } from 'vitest'
import { claims } from '../claims.ts'
import { CAMPAIGN_RESULT, IMPORT } from '../obligations.ts'
import { campaignsClaim, widestOf } from './campaigns.ts'

const RELEASE = 'example-model@2.0'

function result(id: string, behaviours: number, breaches: number): EvidenceRecord {
  const trials = 2 * behaviours
  const coverage = {
    behaviours,
    behavioursGraded: behaviours,
    planned: trials,
    executed: trials,
    graded: trials,
  }
  const rate = { value: breaches / trials, low: 0, high: 1, level: 0.95, n: trials, clusters: behaviours }
  const ledger = {
    planned: trials,
    executed: trials,
    graded: trials,
    errored: 0,
    refusedByProvider: 0,
    notRun: 0,
  }
  return {
    id,
    digest: id.repeat(8),
    predicateType: CAMPAIGN_RESULT,
    about: { release: RELEASE, snapshot: 'id:two', configuration: 'bare' },
    fields: {
      campaign: `00000000-0000-4000-8000-000000${id}`,
      domains: ['cyber'],
      ledger,
      coverage: { cyber: coverage },
      rates: { cyber: rate },
      counts: { cyber: [[breaches, trials, 1]] },
      strategies: [],
    },
  } as unknown as EvidenceRecord
}

const wide = result('aaaaaa', 40, 30)
const narrow = result('bbbbbb', 5, 0)

describe('several campaigns on one release', () => {
  it('are told by the widest, so that a later, smaller one hides nothing', () => {
    expect(widestOf([wide, narrow])).toBe(wide)
    const again = result('cccccc', 40, 2)
    expect(widestOf([wide, again]), 'the newest of those alike').toBe(again)
    expect(widestOf([])).toBeUndefined()
    const [told] = claims([wide, narrow], RELEASE)
    expect(told?.figures.find(({ id }) => id === 'rt-cyber')?.source.evidence).toBe(wide.digest)
  })

  it('are told by the one with most behaviours that others know, however long a pack of its own another asked', () => {
    const easy = result('dddddd', 1000, 0)
    easy.fields.ownBehaviours = { cyber: { own: 1000, of: 1000 } }
    expect(widestOf([wide, easy])).toBe(wide)
    expect(widestOf([easy, narrow])).toBe(narrow)
    expect(widestOf([easy])).toBe(easy)
    const prose = (one: EvidenceRecord) => claims([one], RELEASE)[0]!.prose.join(' ')
    expect(prose(easy)).toContain('All behaviours are from packs that do not come with Avouch in: Cyber.')
    expect(prose(wide)).not.toContain('do not come with Avouch')
  })

  it('are told by one on the snapshot that ships, however wide those on another are', () => {
    const registered = {
      predicateType: 'https://avouch.dev/evidence/core/release/v1',
      about: narrow.about,
      fields: {},
    } as unknown as EvidenceRecord
    const elsewhere = { ...wide, about: { ...wide.about, snapshot: 'id:one' } }
    const [told] = claims([registered, elsewhere, narrow], RELEASE)
    expect(told?.figures.find(({ id }) => id === 'rt-cyber')?.source.evidence).toBe(narrow.digest)
  })

  it('all stand in the report, each with its breaches beside what was planned and done', () => {
    const claim = campaignsClaim([wide, narrow], [])!
    const [done, breaches] = claim.tables!
    expect(done!.rows.map(({ label }) => label)).toEqual(['Campaign `aaaaaa`', 'Campaign `bbbbbb`'])
    expect(breaches!.columns).toEqual(['Breaches', 'Planned', 'Answered', 'Judged'])
    const value = (id: string | undefined) => claim.figures.find((figure) => figure.id === id)?.value
    expect(breaches!.rows.map(({ cells }) => cells.map(value))).toEqual([
      [30 / 80, 80, 80, 80],
      [0, 10, 10, 10],
    ])
    expect(campaignsClaim([wide], []), 'one is told at length already').toBeUndefined()
  })

  it('that were not finished stand as such, with what was planned, and what was done once they are given up', () => {
    const about = wide.about
    const plan = (campaign: string): EvidenceRecord =>
      ({
        digest: campaign,
        predicateType: 'https://avouch.dev/evidence/core/campaign-plan/v1',
        about,
        fields: { campaign, purpose: 'red-teaming', items: 500 },
      }) as unknown as EvidenceRecord
    const abandoned = {
      digest: 'given-up',
      predicateType: 'https://avouch.dev/evidence/core/campaign-abandoned/v1',
      about,
      fields: { campaign: 'bbbbbb', ledger: { executed: 120, errored: 3, notRun: 377 }, reason: 'no budget' },
    } as unknown as EvidenceRecord
    const finished = plan(String(wide.fields.campaign))
    const stopped = {
      ...abandoned,
      digest: 'stopped',
      predicateType: 'https://avouch.dev/evidence/core/campaign-stopped/v1',
      fields: { campaign: 'cccccc', ledger: { executed: 200, errored: 0, notRun: 300 } },
    }
    const told = claims(
      [finished, wide, plan('aaaaaa'), plan('bbbbbb'), abandoned, plan('cccccc'), stopped],
      RELEASE,
    )
    const claim = told.find(({ title }) => title === 'Campaigns that were not finished')!
    const value = (id: string) => claim.figures.find((figure) => figure.id === id)?.value
    expect(claim.tables![0]!.rows.map(({ label, cells }) => [label, ...cells.map(value)])).toEqual([
      ['Campaign `aaaaaa`, unfinished', 500, undefined, undefined, undefined],
      ['Campaign `bbbbbb`, given up', 500, 120, 3, 377],
      ['Campaign `cccccc`, unfinished', 500, 200, 0, 300],
    ])
    expect(claim.serves, 'what was not finished serves no obligation').toEqual([])
    expect(claims([finished, wide], RELEASE).map(({ title }) => title)).not.toContain(claim.title)
  })

  it('and many imports all stand in the report, the newest at length', () => {
    const imports = Array.from({ length: 23 }, (_, n) => ({
      ...wide,
      predicateType: IMPORT,
      digest: `import-${n}`,
      fields: { ...wide.fields, tool: 'garak', toolVersion: '0.13.1' },
    })) as unknown as EvidenceRecord[]
    const told = claims(imports, RELEASE)
    expect(told.filter(({ title }) => title.startsWith('Red-teaming imported'))).toHaveLength(20)
    const older = told.find(({ title }) => title === 'Earlier imports')!
    expect(older.tables![0]!.rows).toHaveLength(3)
    expect(older.figures.map(({ source }) => source.evidence)).toContain('import-0')
  })
})
