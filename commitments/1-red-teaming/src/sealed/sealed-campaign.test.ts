import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOCAL } from '@avouch/core/auth'
import { abandonCampaign, auditCampaign, campaignPlan, runCampaign } from '@avouch/core/campaign'
import { loadConfig } from '@avouch/core/config'
import { findingEvidence } from '@avouch/core/gate'
import { type PracticeTarget, startPracticeTarget, type TargetSpec } from '@avouch/core/model'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planCampaign, resumeCampaign } from '../campaign.ts'
import { viewCampaign } from '../campaign-view.ts'
import { closedClaims } from '../claims/closed.ts'
import { campaignResult } from '../evidence.ts'
import redTeaming from '../index.ts'
import { readSelection } from '../plan-file.ts'
import { staff } from '../testing.ts'
import { listBreaches } from '../view.ts'
import { packIdentity } from './keys.ts'
import { sealPack } from './seal-pack.ts'
import { authorOf } from './terms.ts'
import { MARKER, markedPack, newAuthor, newIdentity, sealingFor } from './test-pack.ts'
import { readAttempt, unsealed } from './unseal.ts'

const about = {
  release: 'example-model@1.0',
  snapshot: 'id:example-model-1.0',
  configuration: 'bare' as const,
}
const author = newAuthor()
let db: Awaited<ReturnType<typeof installationDatabase>>
let installation: OpenInstallation
let practice: PracticeTarget
let home: string
let plans: string
let now = new Date('2026-03-02T09:00:00Z')
const logged: string[] = []

beforeAll(async () => {
  ;[home, plans] = (await Promise.all(
    ['home', 'plans'].map((name) => mkdtemp(join(tmpdir(), `avouch-sealed-${name}-`))),
  )) as [string, string]
  db = await installationDatabase([redTeaming])
  practice = await startPracticeTarget()
  const config = loadConfig(
    {
      AVOUCH_DATABASE_URL: db.url,
      AVOUCH_URL: 'https://avouch.example.com',
      AVOUCH_ORIGIN: 'example.com/log',
    },
    { home },
  )
  installation = await openInstallation(config, {
    commitments: [redTeaming],
    log: pino({ level: 'trace' }, { write: (line) => void logged.push(line) }),
    now: () => now,
  })
})
afterAll(async () => {
  await practice.close()
  await installation.close()
  await db.close()
  for (const folder of [home, plans]) await rm(folder, { recursive: true, force: true })
})

const target = (url = practice.url): TargetSpec => ({
  adapter: 'openai',
  url,
  model: 'example-model-1.0',
  allowPrivate: true,
  maxTries: 1,
})
const run = (url?: string) => ({ about, target: target(url), runBy: 'local' })

/** A plan in a folder of its own that uses a sealed pack; `change` is of its terms, `more` goes into the plan. */
async function planned(change: object = {}, more = '') {
  const { recipient } = await packIdentity(installation.config)
  const sealed = await sealPack(
    markedPack(),
    'pack.yaml',
    { ...sealingFor([recipient], [practice.url]), ...change },
    author,
  )
  const folder = await mkdtemp(join(plans, 'plan-'))
  await writeFile(join(folder, 'expert.sealed'), sealed.text)
  const plan = join(folder, 'plan.yaml')
  await writeFile(
    plan,
    `red-teaming:\n  packs: [./expert.sealed]\n  strategies: [plain, role-play]\n  repetitions: 4\n  seed: '00c0ffee'\n${more}`,
  )
  return { ...sealed, selection: await readSelection(plan) }
}

/** Everything PostgreSQL holds, every column of every table as text; bytes as hex. */
async function wholeDatabase(): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(
    installation.db.kysely,
  )
  const texts: string[] = []
  for (const { name } of rows) {
    const found = await sql<{ text: string }>`select t::text as text from ${sql.raw(name)} t`.execute(
      installation.db.kysely,
    )
    texts.push(name, ...found.rows.map(({ text }) => text))
  }
  return texts.join('\n')
}

async function wholeFolder(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  )
  return (
    await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')))
  ).join('\n')
}

/** The marker in whatever form it might have been written. */
function expectNoMarker(text: string): void {
  const base64 = Buffer.from(`   ${MARKER}`).toString('base64').slice(4, -4)
  for (const form of [MARKER, MARKER.toLowerCase(), Buffer.from(MARKER).toString('hex'), base64])
    expect(text.toLowerCase().includes(form.toLowerCase()), form).toBe(false)
}

describe('a campaign with a sealed pack', () => {
  it('asks what is sealed, and leaves nothing of it behind but digests and totals', async () => {
    const { selection, digest, header } = await planned()
    const campaign = await planCampaign(installation, selection, run())
    const { ledger, evidence } = await runCampaign(installation, campaign)
    expect(ledger).toMatchObject({ planned: 12 * 2 * 4 + 6 * 4, notRun: 0, errored: 0 })

    const plan = installation.evidence.read(
      campaignPlan,
      (await installation.evidence.get(campaign.planEvidence))!,
    )
    const ref = { digest, domain: 'cyber', author: authorOf(header) }
    expect(plan.sealedPacks).toEqual([ref])
    expect(plan.probes).toHaveLength(18)
    for (const { id } of plan.probes) expect(id).toMatch(/^sealed-[0-9a-f]{12}-(attack|benign)-\d+$/)

    const record = (await installation.evidence.get(evidence!))!
    const result = installation.evidence.read(campaignResult, record)
    expect(result.sealedPacks).toEqual([
      {
        ...ref,
        behaviours: 6,
        behavioursGraded: 6,
        planned: 96,
        executed: 96,
        graded: 96,
        breaches: result.findings.reduce((sum, { breaches }) => sum + breaches, 0),
      },
    ])
    // the practice target has weaknesses, so that there is something to be told of
    expect(result.findings.length).toBeGreaterThan(0)
    const findings = await installation.evidence.list({ type: findingEvidence, release: about.release })
    for (const { fields } of findings)
      expect(fields.title).toMatch(/^Sealed behaviour \d of pack [0-9a-f]{12}$/)

    const told = closedClaims(record)
    expect(told[0]?.figures.map(({ value }) => value)).toEqual([96, 96, 96, result.sealedPacks![0]!.breaches])
    const view = JSON.stringify([
      told,
      await viewCampaign(installation, campaign.id),
      await listBreaches(installation, campaign.id, { limit: 500 }),
      await installation.evidence.list({ limit: 1000 }),
    ])
    expectNoMarker(view)
    expectNoMarker(await wholeDatabase())
    expectNoMarker(await wholeFolder(home))
    expectNoMarker(logged.join('\n'))
    expect((await auditCampaign(installation, campaign.id)).problems).toEqual([])
  })

  it('has the digest of each probe salted: the text alone does not give it', async () => {
    const { selection } = await planned()
    const campaign = await planCampaign(installation, selection, run())
    const { probes } = installation.evidence.read(
      campaignPlan,
      (await installation.evidence.get(campaign.planEvidence))!,
    )
    const again = await planned()
    const other = await planCampaign(installation, again.selection, run())
    const others = installation.evidence.read(
      campaignPlan,
      (await installation.evidence.get(other.planEvidence))!,
    ).probes
    // the same text under another salt
    expect(
      probes.map(({ digest }) => digest).filter((one) => others.some(({ digest }) => digest === one)),
    ).toEqual([])
    for (const { id } of [campaign, other]) await abandonCampaign(installation, id, 'test')
  })

  it('shows the words of an attempt to nobody but who may unseal it, and records who did', async () => {
    const { selection } = await planned()
    const campaign = await planCampaign(installation, selection, run())
    await runCampaign(installation, campaign)
    for (const role of ['red-teamer', 'release-lead'] as const) {
      const principal = await (await staff(installation, role)).principal()
      await expect(readAttempt(installation, principal, campaign.id, 0)).rejects.toMatchObject({
        code: 'forbidden',
      })
    }
    const before = await installation.evidence.list({ type: unsealed })
    expect(before).toEqual([])
    const owner = await staff(installation, 'owner')
    const opened = await readAttempt(installation, await owner.principal(), campaign.id, 0)
    expect(JSON.stringify(opened.exchanges)).toContain(MARKER)
    await readAttempt(installation, LOCAL, campaign.id, 1)
    const after = (await installation.evidence.list({ type: unsealed })).map(({ fields }) => fields)
    expect(after).toMatchObject([
      { campaign: campaign.id, item: 0, by: owner.person.id },
      { campaign: campaign.id, item: 1, by: 'local' },
    ])
  })

  it.each([
    ['another endpoint', { endpoints: ['https://models.example.com/v1'] }, ''],
    ['another release', { releases: ['other-model@*'] }, ''],
    ['a day past', { until: '2026-03-01' }, ''],
    [
      'an attacker elsewhere',
      {},
      '  attacker: { url: http://127.0.0.1:9/v1, model: attacker, allowPrivate: true }\n',
    ],
    ['a translator elsewhere', {}, '  translator: { url: https://elsewhere.example.com/v1, model: m }\n'],
    ['a judge elsewhere', {}, '  judge: { url: https://elsewhere.example.com/v1, model: m }\n'],
  ])('is refused for %s before anything is recorded', async (_, change, more) => {
    const count = async () => (await installation.evidence.list({ limit: 10_000 })).length
    const before = await count()
    const { selection } = await planned(change, more)
    await expect(planCampaign(installation, selection, run())).rejects.toMatchObject({ code: 'forbidden' })
    expect(await count()).toBe(before)
  })

  it('is refused where the pack was sealed to someone else', async () => {
    const { selection } = await planned({ recipients: [newIdentity().recipient] })
    await expect(planCampaign(installation, selection, run())).rejects.toMatchObject({ code: 'proof' })
  })

  it('follows no redirect to another port', async () => {
    let strayed = 0
    const elsewhere = createServer((_, response) => {
      strayed++
      response.end('{}')
    }).listen(0, '127.0.0.1')
    const redirecting = createServer((request, response) => {
      request.resume()
      const { port } = elsewhere.address() as AddressInfo
      response.writeHead(307, { location: `http://127.0.0.1:${port}${request.url}` }).end()
    }).listen(0, '127.0.0.1')
    await Promise.all(
      [elsewhere, redirecting].map((server) => new Promise((up) => server.once('listening', up))),
    )
    try {
      const url = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}/v1`
      const { selection } = await planned({ endpoints: [url] })
      const campaign = await planCampaign(installation, { ...selection, repetitions: 1 }, run(url))
      const { ledger } = await runCampaign(installation, campaign)
      expect(ledger).toMatchObject({ errored: 48, executed: 0 })
      expect(strayed).toBe(0)
      expectNoMarker(await wholeDatabase())
    } finally {
      for (const server of [elsewhere, redirecting]) server.close()
    }
  })

  it('is held to its terms when it is taken up again, and to no others', async () => {
    const { selection } = await planned({ until: '2026-03-05' })
    const { id } = await planCampaign(installation, selection, run())
    await expect(resumeCampaign(installation, id)).resolves.toMatchObject({ id })

    const change = (note: string) =>
      sql`update campaign.campaign set note = jsonb_set(note, '{sealedPacks}', ${note}::jsonb) where id = ${id}`.execute(
        installation.db.kysely,
      )
    const { rows } = await sql<{ packs: [{ header: object; signature: string }] }>`
      select note->'sealedPacks' as packs from campaign.campaign where id = ${id}`.execute(
      installation.db.kysely,
    )
    const [pack] = rows[0]!.packs
    // whoever alters the database widens nothing
    for (const note of [[], [{ ...pack, header: { ...pack.header, until: '2031-01-01' } }]]) {
      await change(JSON.stringify(note))
      await expect(resumeCampaign(installation, id)).rejects.toMatchObject({ code: 'proof' })
    }
    await change(JSON.stringify([pack]))
    await sql`update campaign.campaign set target = jsonb_set(target, '{url}', '"http://127.0.0.1:9/v1"') where id = ${id}`.execute(
      installation.db.kysely,
    )
    await expect(resumeCampaign(installation, id)).rejects.toMatchObject({ code: 'forbidden' })
    await sql`update campaign.campaign set target = jsonb_set(target, '{url}', ${JSON.stringify(practice.url)}::jsonb) where id = ${id}`.execute(
      installation.db.kysely,
    )
    const then = now
    now = new Date('2026-03-06T00:00:00Z')
    await expect(resumeCampaign(installation, id)).rejects.toThrow('until 2026-03-05')
    now = then
  })
})
