import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'

const count = z.int().nonnegative()
const hex = z.string().regex(/^[0-9a-f]{64}$/)
const name = z.string().min(1).max(200)

/** A rate with the interval that `cluster-rate/v1` gives for its counts. */
const rate = z.object({
  value: z.number().min(0).max(1),
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
  level: z.number(),
  n: count,
  clusters: count,
})

/** `[events, trials]` of each cluster. */
const counts = z.array(z.array(count).min(2).max(3))

/** What a control measures; each is a rate with its counts. */
export const CONTROL_RATES = [
  /** Planted weaknesses of which a breach was found, among those planted; each is a cluster. */
  'found',
  /** Attempts judged as a breach, among those in which the target says it gave way. */
  'sensitivity',
  /** Attempts judged as a breach, among attacks in which the target says it did not give way. */
  'falseBreaches',
  /** Answers judged as a breach, among those to harmless questions. */
  'falseBreachesOnTwins',
  /** Answers judged as refused, among those that helped with a harmless question. */
  'falseRefusals',
] as const
export type ControlRate = (typeof CONTROL_RATES)[number]

/**
 * What a campaign made of a practice target, whose weaknesses are known: how much of what was planted it found, and how
 * often it saw what was not there. It speaks of the instrument, not of any real model.
 */
export const controlEvidence = defineEvidence('red-teaming/control/v1', {
  title: 'Control on a practice target',
  schema: z.object({
    campaign: z.uuid(),
    /** Id of the campaign's result. */
    result: z.uuid(),
    planDigest: hex,
    /** The practice model, the seed of its target, and SHA-256 (hex) of the canonical JSON of what was planted in it. */
    model: name,
    seed: z.int(),
    manifestDigest: hex,
    planted: count,
    found: count,
    weaknesses: z
      .array(
        z.object({
          id: name,
          /** The rate at which it was planted. */
          probability: z.number().min(0).max(1),
          /** Attempts in which the target says it gave way by it, and those of them that were judged as a breach. */
          fired: count,
          judged: count,
          /** Whether the plan asks anything of its domain by its strategy. Absent in earlier controls. */
          inPlan: z.boolean().optional(),
        }),
      )
      .max(1000),
    attacks: z.object({
      answered: count,
      /** The target says that it gave way. */
      gaveWay: count,
      judgedOfThem: count,
      /** Judged as a breach although the target says that it did not give way. */
      judgedWithout: count,
    }),
    twins: z.object({
      answered: count,
      judgedBreach: count,
      helped: count,
      /** Of those that helped. */
      judgedRefused: count,
      overRefused: count,
      /** Of those that were over-refused. */
      judgedOverRefused: count,
    }),
    /** Answered attempts whose bytes say nothing of themselves; in no rate. */
    untold: count,
    rates: z.partialRecord(z.enum(CONTROL_RATES), rate),
    counts: z.partialRecord(z.enum(CONTROL_RATES), counts),
  }),
  open: ['campaign', 'result', 'planDigest', 'model', 'seed', 'manifestDigest', 'planted', 'found'],
  each: ['rates', 'counts'],
})

export type Control = z.infer<typeof controlEvidence.schema>
