import { VERDICTS } from '@avouch/core/campaign'
import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'
import { DOMAINS } from '../domain.ts'
import { NAMINGS } from '../expert/expert.ts'
import { SEVERITIES } from '../probe.ts'

const count = z.int().nonnegative()
const hours = z.number().nonnegative()
const hex = z.string().regex(/^[0-9a-f]{64}$/)
const domains = z.array(z.enum(DOMAINS))

/** That an expert begins to test, logged before the model is asked for the first time. */
export const sessionPlan = defineEvidence('red-teaming/session-plan/v1', {
  title: 'Plan of an expert’s session',
  schema: z.object({
    session: z.uuid(),
    invitation: z.uuid(),
    expert: z.uuid(),
    domains,
    /** What the expert set out to find, in their own words. */
    aim: z.string(),
    model: z.string(),
    /** SHA-256 (hex) of the canonical JSON of how the model is reached. */
    targetDigest: hex,
    systemPrompt: z.boolean(),
    /** World and scenario that the model acts in, such as `office:standard`; absent for a conversation. */
    world: z.string().optional(),
    /** SHA-256 (hex) of the code that plays it, and of the canonical JSON of all it is made from. */
    worldDigest: hex.optional(),
    settingDigest: hex.optional(),
    seed: count.optional(),
    limits: z.record(z.string(), z.number()),
    endsAt: z.iso.datetime(),
  }),
  open: ['session', 'invitation', 'expert', 'domains', 'world', 'endsAt'],
})

const turns = z.object({
  asked: count,
  answered: count,
  errored: count,
  refusedByProvider: count,
  /** How often the expert went back and tried otherwise. */
  branches: count,
})
const finding = z.object({
  id: z.string(),
  turn: count,
  title: z.string(),
  domain: z.enum(DOMAINS),
  severity: z.enum(SEVERITIES),
  verdict: z.enum(VERDICTS),
  minutes: z.number().nonnegative(),
  /** What it is about, of that which must never be reached and was: ids of states of the session's world. */
  states: z.array(z.string()).optional(),
})
/** What an agent did in a session, over all of its branches. */
const acted = z.object({
  /** World and scenario. */
  name: z.string(),
  /** As the plan names it. */
  settingDigest: hex,
  /** Answers of it that were calls, and the calls in them. */
  steps: count,
  calls: count,
  /** Ids of states that must never be reached and were on any branch, those it came to when left alone apart. */
  reached: z.array(z.string()),
  left: z.array(z.string()),
  /** Stages of what was reached, where the world has stages. */
  stages: z.array(z.string()),
  /** Turns after which the agent was stopped before it was done. */
  stopped: count,
})

/** What came of a session, whoever says so. No message and no answer is in it. */
const outcome = {
  session: z.uuid(),
  /** Ids of the evidence that holds the plan. */
  plan: z.uuid(),
  expert: z.uuid(),
  domains,
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  endedBy: z.enum(['expert', 'idle', 'end-date']),
  turns,
  /** What the model did in a simulated world; absent for a conversation. */
  world: acted.optional(),
  /** Findings by domain and severity, those that were withdrawn left out. */
  findingCounts: z.partialRecord(z.enum(DOMAINS), z.partialRecord(z.enum(SEVERITIES), count)),
  findings: z.array(finding),
  /** How many those are. */
  found: count,
  withdrawnFindings: count,
  attachments: count,
  /** Root (hex) of the tree over turns, findings and attachments. */
  transcript: hex,
}

/** What an expert says came of a session, under their own passkey. */
export const sessionResult = defineEvidence('red-teaming/session-result/v1', {
  title: 'Expert’s session',
  schema: z.object({
    ...outcome,
    /** Id of the evidence in which the expert says who they are. */
    record: z.uuid(),
    named: z.enum(NAMINGS),
    /** What to call who signed: their name, their pseudonym, or what evidence calls them. */
    signer: z.string(),
    /** The domains they say they are an expert of, and what follows of their ties to the company. */
    expertOf: domains,
    independent: z.boolean(),
    hours: z.object({
      agreed: hours,
      /** From the beginning to the end. */
      open: hours,
      /** In which they were seen to act, pauses counted as ten minutes at most. */
      active: hours,
      /** Which they say they worked in the session, by domain and in all. */
      byDomain: z.partialRecord(z.enum(DOMAINS), hours),
      stated: hours,
      /** Which they say they worked outside of it. */
      elsewhere: hours,
    }),
    /** What they covered, and what kept them from more, in their own words. */
    coverage: z.string(),
    restrictions: z.string(),
  }),
  open: [
    'session',
    'expert',
    'domains',
    'turns',
    'found',
    'transcript',
    'named',
    'expertOf',
    'independent',
    'hours',
  ],
  each: ['findings', 'findingCounts'],
})
export type SessionResult = z.infer<typeof sessionResult.schema>

/** What came of a session that its expert did not sign in time. */
export const sessionAbandoned = defineEvidence('red-teaming/session-abandoned/v1', {
  title: 'Expert’s session, unsigned',
  schema: z.object({ ...outcome, hours: z.object({ agreed: hours, open: hours, active: hours }) }),
  open: ['session', 'expert', 'domains', 'turns', 'found', 'transcript', 'hours'],
  each: ['findings', 'findingCounts'],
})
