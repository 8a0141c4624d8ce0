import type { Installation } from '../installation.ts'
import type { ToolCall } from '../model/target.ts'
import type { AttemptRecord } from './attempt.ts'
import { sealedBatches, standingPositions } from './batch-store.ts'
import { batchContext } from './batch-writer.ts'
import { readCampaign } from './campaign.ts'
import { decodeFrames } from './frame.ts'
import { unseal } from './seal.ts'
import type { HelperRole } from './strategy.ts'

/** A recorded attempt with its bytes. It may hold harmful text: for counting and exporting, never for a list or a log. */
export type ReadAttempt = {
  record: AttemptRecord
  answer: { text: string; toolCalls: ToolCall[]; results?: string[] } | undefined
  /** The exact bytes of each call, in order; `role` where a helper was asked. */
  exchanges: { request: Uint8Array; response: Uint8Array; role?: HelperRole }[]
}

/**
 * Every attempt of a campaign that stands (those superseded by a later try left out), in the order in which they were
 * recorded, one batch in memory at a time. Throws `not-found`; `proof` where bytes were changed.
 */
export async function* readAttempts(
  installation: Installation,
  campaign: string,
  signal?: AbortSignal,
): AsyncGenerator<ReadAttempt> {
  const { db } = installation
  const { key } = await readCampaign(installation, campaign)
  for await (const { id, sealed } of sealedBatches(db, campaign)) {
    signal?.throwIfAborted()
    // both were written by this module and come out of an authenticated seal
    const frames = decodeFrames(unseal(key, batchContext(campaign, id), sealed)).map((frame) => ({
      ...frame,
      record: JSON.parse(frame.record) as AttemptRecord,
    }))
    const standing = await standingPositions(
      db,
      campaign,
      id,
      frames.map(({ record }) => record.item),
    )
    for (const [position, { record, answer, exchanges }] of frames.entries()) {
      if (!standing.has(position)) continue
      yield {
        record,
        answer: answer === '' ? undefined : (JSON.parse(answer) as ReadAttempt['answer']),
        exchanges: exchanges.map((exchange, n) => {
          const role = record.exchanges[n]?.role
          return role === undefined ? exchange : { ...exchange, role }
        }),
      }
    }
  }
}
