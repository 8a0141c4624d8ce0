export { adoptThresholds } from './adopt.ts'
export { readCompanyObligations } from './company-obligation.ts'
export { decideLocally, draftDecision } from './decide.ts'
export * from './evidence.ts'
export { type Exemption, requestExemption } from './exempt.ts'
export type { Claim, ClaimPlot, Claims, ClaimTable, Figure } from './figure.ts'
export { gate } from './gather.ts'
export { placeHold, readSpool, recordSpool } from './hold.ts'
export {
  type Answer,
  notBuilt,
  type Obligation,
  type ObligationStatus,
  type Release,
  type RuleContext,
  type Scope,
} from './obligation.ts'
export { oscalCatalog } from './oscal.ts'
export { RELEASE_NAME, registerRelease } from './register.ts'
export { checkThresholds, parseThresholds, type Threshold, type ThresholdResult } from './threshold.ts'
export {
  catalogueDigest,
  type GateInput,
  judge,
  type ObligationResult,
  type Verdict,
  verdictDigest,
} from './verdict.ts'
