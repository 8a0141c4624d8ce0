import { defineCommitment } from '@avouch/core/commitment'
import { obligations } from './obligations.ts'

/** Commitment 1: internal and external red-teaming. */
export default defineCommitment({
  number: 1,
  name: 'red-teaming',
  title: 'Red-teaming',
  promise:
    'Models are tested by attack, inside the company and outside it, for misuse, societal risks and national security concerns: bio, chemical and radiological, cyber, tool use, self-replication, bias and discrimination.',
  obligations,
  evidence: async () => {
    const { campaignResult, importResult } = await import('./evidence.ts')
    const { comparisonEvidence } = await import('./numbers/comparison-evidence.ts')
    const { controlEvidence } = await import('./control/evidence.ts')
    const { externalEvidence } = await import('./external-evidence.ts')
    const { unsealed } = await import('./sealed/unseal.ts')
    const { paperEvidence } = await import('./research/evidence.ts')
    return [
      campaignResult,
      comparisonEvidence,
      importResult,
      controlEvidence,
      unsealed,
      paperEvidence,
      ...externalEvidence,
    ]
  },
  migrations: async () => (await import('./migrations.ts')).migrations,
  verb: {
    name: 'red-team',
    summary: 'Attack a model by plan, and see what was found',
    load: async () => (await import('./commands.ts')).verb,
  },
  routes: async () => (await import('./routes.ts')).routes,
  jobs: async () => (await import('./jobs.ts')).jobs,
  // a flaw that was reported is asked again by every later campaign, until it is taken back
  reacts: {
    'https://avouch.dev/evidence/vulnerability-reporting/flaw/v1': 'red-teaming/regression',
    'https://avouch.dev/evidence/core/retraction/v1': 'red-teaming/regression',
  },
  claims: async () => (await import('./claims.ts')).claims,
  assess: {
    title: 'Red-teaming',
    section: 'red-teaming',
    check: async () => (await import('./plan-file.ts')).readSelection,
    load: async () => (await import('./assess.ts')).assess,
  },
  tour: {
    title: 'Red-teaming: calibration and research',
    load: async () => (await import('./tour/tour.ts')).tour,
  },
})
