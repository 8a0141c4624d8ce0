import { defineCommitment } from '@avouch/core/commitment'
import { obligations } from './obligations.ts'

export default defineCommitment({
  number: 6,
  name: 'public-reporting',
  title: 'Public reporting',
  promise:
    'Reports are published for every significant release: capabilities, limitations, domains of use, safety evaluations, and effects on society.',
  obligations,
  evidence: async () => {
    const { descriptionEvidence, reportEvidence } = await import('./evidence.ts')
    return [descriptionEvidence, reportEvidence]
  },
  migrations: async () => (await import('./migrations.ts')).migrations,
  claims: async () => (await import('./claims.ts')).claims,
  assess: {
    title: 'Describing the release',
    section: 'report',
    check: async () => (await import('./description.ts')).readDescription,
    load: async () => (await import('./assess.ts')).assess,
  },
})
