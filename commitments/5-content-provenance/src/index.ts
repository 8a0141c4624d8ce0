import { defineCommitment } from '@avouch/core/commitment'
import { obligations } from './obligations.ts'

export default defineCommitment({
  number: 5,
  name: 'content-provenance',
  title: 'Content provenance',
  promise:
    'People can tell when audio or visual content was made by AI: provenance, watermarks, and tools to check.',
  obligations,
  evidence: async () => (await import('./evidence.ts')).contentEvidence,
  routes: async () => (await import('./routes.ts')).routes,
  v1: async () => (await import('./v1.ts')).v1,
  migrations: async () => (await import('./migrations.ts')).migrations,
  verb: {
    name: 'content',
    summary: 'Mark what the system makes, and tell whether it made it',
    load: async () => (await import('./commands.ts')).verb,
  },
  approvals: async () => (await import('./approvals.ts')).approvals,
  jobs: async () => (await import('./jobs.ts')).jobs,
  claims: async () => (await import('./claims.ts')).claims,
  tour: { title: 'Content provenance', load: async () => (await import('./tour.ts')).contentTour },
})
