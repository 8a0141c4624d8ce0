import { defineCommitment } from '@avouch/core/commitment'
import { obligations } from './obligations.ts'

/** Commitment 0: is this release bound at all? */
export default defineCommitment({
  number: 0,
  name: 'scope',
  title: 'Scope',
  promise:
    "The commitments bind releases that are overall more powerful than the company's current most advanced model; whether this one is gets measured, with its uncertainty, and in doubt it counts as bound.",
  obligations,
  evidence: async () => {
    const { capabilityComparison, itemAnswers } = await import('./evidence.ts')
    return [capabilityComparison, itemAnswers]
  },
  verb: {
    name: 'scope',
    summary: 'Is a release more capable than the company’s most capable models?',
    load: async () => (await import('./commands.ts')).verb,
  },
  claims: async () => (await import('./claims.ts')).claims,
  assess: {
    title: 'Scope',
    section: 'scope',
    check: async () => (await import('./plan.ts')).readScopePlan,
    load: async () => (await import('./assess.ts')).assess,
  },
})
