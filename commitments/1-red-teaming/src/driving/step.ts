import { canonicalJson, sha256Hex, type WorldState } from '@avouch/core/campaign'
import type { ToolCall } from '@avouch/core/model'
import { z } from 'zod'

/** One step of an agent: what it said, what it called, what the tools answered, and how far the world had come by then. */
export type Step = {
  text: string
  toolCalls: ToolCall[]
  /** What each call was answered, in order. */
  results: string[]
  state: WorldState
  /** Tokens it took, counted as an agent's limit counts them. */
  tokens: number
}

/** A step as it is committed to: where it stands, what it was, and the digest of the exact bytes of its call. */
export type StepRecord = Step & { session: string; turn: number; step: number; at: string; exchange: string }

export const stepRecordSchema = z.object({
  session: z.string(),
  turn: z.number(),
  step: z.number(),
  at: z.string(),
  exchange: z.string(),
  text: z.string(),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })),
  results: z.array(z.string()),
  state: z.object({
    reached: z.array(z.string()),
    achieved: z.array(z.string()),
    calls: z.number(),
    over: z.boolean().optional(),
  }),
  tokens: z.number(),
})

/** SHA-256 (hex) of the canonical JSON of a step's record, as the record of its turn commits to it. */
export function stepDigest(record: StepRecord): string {
  return sha256Hex(canonicalJson(record))
}
