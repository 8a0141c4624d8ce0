export type { FaultKind, FaultRates } from './faults.ts'
export { itemKey, type PracticeItem } from './items.ts'
export {
  PRACTICE_MODELS,
  type PracticeManifest,
  type PracticeModel,
  practiceManifest,
  type Weakness,
} from './manifest.ts'
export { type PracticeOptions, type PracticeTarget, startPracticeTarget } from './server.ts'
export {
  FORBIDDEN_TOOL_WORDS,
  INTENTS,
  PRACTICE_DOMAINS,
  PRACTICE_STRATEGIES,
  type PracticeDomain,
  type PracticeStrategy,
  VOCABULARY,
} from './vocabulary.ts'
