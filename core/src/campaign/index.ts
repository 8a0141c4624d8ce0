export { type Answer, act, carriedOut, type NoteStep, tokensOf } from './agent.ts'
export { type Attempt, type AttemptRecord, STATUSES, type Status } from './attempt.ts'
export { type AttemptOutcome, attemptOutcomes } from './attempt-rows.ts'
export { auditCampaign, type CampaignAudit } from './audit.ts'
export { attemptsWithVerdict } from './batch-store.ts'
export type { Count, StrategyCost } from './batch-tally.ts'
export {
  type Calibration,
  CalibrationCounts,
  type CalibrationPart,
  casesFor,
  DOMAIN_MINIMUM,
  isEnoughAlone,
  type LabelledCase,
  type Share,
} from './calibration.ts'
export {
  type Campaign,
  type CampaignDefinition,
  type Conclusion,
  createCampaign,
  openCampaign,
  planOf,
  readCampaign,
} from './campaign.ts'
export { canonicalJson, sha256Hex } from './canonical.ts'
export { type CarryOutOptions, carryOut } from './carry-out.ts'
export { workedAt } from './claims.ts'
export {
  abandonCampaign,
  type CampaignStatus,
  campaignStatus,
  concludeCampaign,
  retryErrors,
} from './conclude.ts'
export { CALIBRATION, liveCalibrations, type ReadRate, readRate, reported } from './correction.ts'
export {
  calibrationEvidence,
  campaignAbandoned,
  campaignEvidence,
  campaignPlan,
  campaignStopped,
  ledgerSchema,
} from './evidence.ts'
export { type First, firstOccurrences } from './first.ts'
export { decodeFrames, encodeFrames, type Frame } from './frame.ts'
export {
  type Answered,
  type Grade,
  type GradeContext,
  type Grader,
  VERDICTS,
  type Verdict,
} from './grader.ts'
export { type Ledger, ledgerOf, type Tally } from './ledger.ts'
export { campaignMigrations } from './migrations.ts'
export { type AttemptProof, attemptProof, type OpenedAttempt, openAttempt } from './opened-attempt.ts'
export { type Block, type CampaignPlan, type Item, makePlan, type Part, type PlanDocument } from './plan.ts'
export { type PlannedItem, plannedItems } from './planned-items.ts'
export type { Probe } from './probe.ts'
export { type ReadAttempt, readAttempts } from './read-attempts.ts'
export { type RunOptions, type RunProgress, runCampaign } from './run.ts'
export { seal, unseal } from './seal.ts'
export { queueCampaign, shardJob } from './shard-job.ts'
export { type Standing, standingOf } from './standing.ts'
export { recordStop } from './stop.ts'
export { type CampaignRow, type CampaignState, campaignsOf, findCampaign } from './store.ts'
export {
  type Ask,
  type AttackContext,
  type Consult,
  compose,
  HELPER_ROLES,
  type HelperRole,
  messagesOf,
  type Strategy,
  singleTurn,
  type Transcript,
} from './strategy.ts'
export { rootFromPath } from './tree.ts'
export { type Unanswered, unansweredReasons } from './unanswered.ts'
export {
  AGENT_LIMITS,
  type AgentLimits,
  type Stop,
  type World,
  type WorldKind,
  type WorldRef,
  type WorldState,
} from './world.ts'
