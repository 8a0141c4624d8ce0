import { AvouchError } from '../errors.ts'
import type { Installation } from '../installation.ts'
import type { ToolCall } from '../model/target.ts'
import { type AttemptRecord, LeafMaker, notRunRecord } from './attempt.ts'
import { findAttempt, sealedBatch } from './batch-store.ts'
import { batchContext } from './batch-writer.ts'
import { readCampaign } from './campaign.ts'
import { decodeFrames, type Frame } from './frame.ts'
import { unseal } from './seal.ts'
import { campaignPath, campaignRoot, rootFromPath } from './tree.ts'

/** One attempt laid open: what was asked, what came back. It may hold harmful text; show it to who asked for it only. */
export type OpenedAttempt = {
  record: AttemptRecord
  /** `results`: what tools of a world answered to its calls, in order, where it was stopped there. */
  answer: { text: string; toolCalls: ToolCall[]; results?: string[] } | undefined
  /** The exact bytes of each call, as text. */
  exchanges: { request: string; response: string }[]
}

/** Opens one recorded attempt. Throws `not-found`; `proof` where its bytes were changed. */
export async function openAttempt(
  installation: Installation,
  campaign: string,
  item: number,
): Promise<OpenedAttempt> {
  const { key } = await readCampaign(installation, campaign)
  const frame = await frameOf(installation, campaign, item, key)
  if (!frame)
    throw new AvouchError('not-found', `Nothing is recorded of item ${item} of campaign ${campaign}`, {
      fix: 'It was not run.',
    })
  // both were written by this module and come out of an authenticated seal
  return {
    record: JSON.parse(frame.record) as AttemptRecord,
    answer: frame.answer === '' ? undefined : (JSON.parse(frame.answer) as OpenedAttempt['answer']),
    exchanges: frame.exchanges.map(({ request, response }) => ({
      request: Buffer.from(request).toString(),
      response: Buffer.from(response).toString(),
    })),
  }
}

/** What shows one item's record to be the one its campaign's evidence commits to. */
export type AttemptProof = {
  campaign: string
  item: number
  /** Canonical JSON: with the salt before it, its SHA-256 is the leaf's data. */
  record: string
  /** Base64, 32 bytes. */
  salt: string
  leaves: number
  /** Base64 hashes, nearest sibling first (RFC 9162 section 2.1.3). */
  path: string[]
  /** Hex; the evidence's `bulk.root`. */
  root: string
}

/** Proves one planned item, recorded or not. Reads the whole tree once, in bounded memory. Throws `not-found`. */
export async function attemptProof(
  installation: Installation,
  campaign: string,
  item: number,
): Promise<AttemptProof> {
  const { db } = installation
  const { row, key } = await readCampaign(installation, campaign)
  if (!Number.isInteger(item) || item < 0 || item >= row.items)
    throw new AvouchError('not-found', `Campaign ${campaign} has no item ${item}`, {
      fix: `Items run from 0 to ${row.items - 1}.`,
    })
  const leaves = new LeafMaker(campaign, key)
  const found = await findAttempt(db, campaign, item)
  const frame = found && (await frameOf(installation, campaign, item, key))
  const source = { db, campaign, items: row.items, round: row.round, leaves }
  const path = await campaignPath(source, item)
  const leaf = found?.leaf ?? leaves.notRun(item)
  const root = rootFromPath(leaf, item, row.items, path) ?? (await campaignRoot(source))
  return {
    campaign,
    item,
    record: frame?.record ?? JSON.stringify(notRunRecord(campaign, item)),
    salt: leaves.salt(item, found ? found.round : 'not-run').toString('base64'),
    leaves: row.items,
    path: path.map((hash) => hash.toString('base64')),
    root: root.toString('hex'),
  }
}

async function frameOf(
  installation: Installation,
  campaign: string,
  item: number,
  key: Uint8Array,
): Promise<Frame | undefined> {
  const row = await findAttempt(installation.db, campaign, item)
  if (!row) return undefined
  const sealed = await sealedBatch(installation.db, campaign, row.batch)
  const frame = sealed && decodeFrames(unseal(key, batchContext(campaign, row.batch), sealed))[row.position]
  if (!frame)
    throw new AvouchError(
      'proof',
      `The bytes of item ${item} of campaign ${campaign} are gone, though its row is there`,
      {
        where: `campaign.batch ${row.batch}`,
        fix: 'Restore the batch from a backup.',
      },
    )
  return frame
}
