import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PracticeTarget, startPracticeTarget } from '../model/index.ts'
import type { TargetSpec } from '../model/target.ts'
import { auditCampaign } from './audit.ts'
import { createCampaign } from './campaign.ts'
import { sha256 } from './canonical.ts'
import { attemptProof, openAttempt } from './opened-attempt.ts'
import { runCampaign } from './run.ts'
import { testCampaign, testTarget } from './test-campaign.ts'
import { testInstallation } from './test-installation.ts'
import { rootFromPath } from './tree.ts'

describe('what a campaign recorded', () => {
  let installation: Awaited<ReturnType<typeof testInstallation>>
  let practice: PracticeTarget
  let spec: TargetSpec

  beforeAll(async () => {
    installation = await testInstallation()
    practice = await startPracticeTarget()
    spec = testTarget(practice.url)
  })
  afterAll(async () => {
    await practice.close()
    await installation.close()
  })

  it('proves any one attempt against the root in its evidence, and opens it on demand', async () => {
    const campaign = await createCampaign(installation, testCampaign(spec, 3))
    const { evidence } = await runCampaign(installation, campaign)
    const root = (await installation.evidence.get(evidence!))!.bulk!.root
    for (const item of [0, 13, 29]) {
      const proof = await attemptProof(installation, campaign.id, item)
      const leaf = sha256(Buffer.concat([Buffer.from(proof.salt, 'base64'), Buffer.from(proof.record)]))
      const path = proof.path.map((hash) => Buffer.from(hash, 'base64'))
      expect(rootFromPath(leaf, item, 30, path)?.toString('hex')).toBe(root)
      expect(rootFromPath(leaf, (item + 1) % 30, 30, path)?.toString('hex')).not.toBe(root)
      const opened = await openAttempt(installation, campaign.id, item)
      expect(opened.record).toEqual(JSON.parse(proof.record))
      expect(opened.exchanges[0]?.request).toContain('What is the history of thing')
      expect(opened.answer?.text.length).toBeGreaterThan(0)
    }
    await expect(attemptProof(installation, campaign.id, 30)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is audited down to one flipped byte in bytes, leaves and ledger', async () => {
    const campaign = await createCampaign(installation, testCampaign(spec, 4))
    await runCampaign(installation, campaign)
    const clean = await auditCampaign(installation, campaign.id)
    expect(clean).toMatchObject({ attempts: 40, committed: true, problems: [] })

    const damage = async (text: string, undo: string): Promise<string[]> => {
      await sql.raw(text.replaceAll('$id', `'${campaign.id}'`)).execute(installation.db.kysely)
      const { problems } = await auditCampaign(installation, campaign.id)
      await sql.raw(undo.replaceAll('$id', `'${campaign.id}'`)).execute(installation.db.kysely)
      return problems.map(({ what }) => what)
    }
    const flip =
      'update campaign.batch set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) where campaign = $id'
    expect(await damage(flip, flip)).toContainEqual(expect.stringContaining('do not open'))
    const leaf =
      'update campaign.attempt set leaf = set_byte(leaf, 5, get_byte(leaf, 5) # 1) where campaign = $id and item = 7'
    expect(await damage(leaf, leaf)).toEqual([
      'its record is not what its leaf commits to',
      expect.stringContaining('another root'),
    ])
    const verdict = (to: string) =>
      `update campaign.attempt set verdict = '${to}' where campaign = $id and item = 7`
    const was = (await openAttempt(installation, campaign.id, 7)).record.verdict!
    expect(await damage(verdict('breach'), verdict(was))).toEqual([
      'its row in the ledger is not what its record says',
    ])
    await sql
      .raw(`delete from campaign.attempt where campaign = '${campaign.id}' and item = 3`)
      .execute(installation.db.kysely)
    const { problems } = await auditCampaign(installation, campaign.id)
    expect(problems.map(({ what }) => what)).toContain('item 3 has no row in the ledger')
  })
})
