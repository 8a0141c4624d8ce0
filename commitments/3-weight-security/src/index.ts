import { defineCommitment } from '@avouch/core/commitment'
import { obligations } from './obligations.ts'

export default defineCommitment({
  number: 3,
  name: 'weight-security',
  title: 'Weight security',
  promise:
    'Proprietary and unreleased model weights are treated as core intellectual property: limited access, an insider-threat programme, a secure environment.',
  obligations,
  evidence: async () => {
    const { modelSignature } = await import('./signing/evidence.ts')
    const { custodyStep } = await import('./chain/evidence.ts')
    const { openedEvidence, sealedEvidence } = await import('./evidence.ts')
    const { sourceEvidence } = await import('./following/evidence.ts')
    const { signersEvidence } = await import('./pinning/evidence.ts')
    const { insiderEvidence } = await import('./insider-evidence.ts')
    const { needToKnowEvidence } = await import('./access/kinds.ts')
    const { servingEvidence } = await import('./serving-evidence.ts')
    return [
      ...[sealedEvidence, openedEvidence, modelSignature, custodyStep],
      ...needToKnowEvidence,
      ...servingEvidence,
      sourceEvidence,
      signersEvidence,
      ...insiderEvidence,
    ]
  },
  migrations: async () => (await import('./migrations.ts')).migrations,
  verb: {
    name: 'weights',
    summary: 'Seal, sign and open weights, tell their custody, find misuse by insiders',
    load: async () => (await import('./commands.ts')).verb,
  },
  tour: {
    title: 'Weights: seal and sign them, lease them to somebody, look for theft',
    load: async () => (await import('./tour.ts')).weightsTour,
  },
  approvals: async () => (await import('./approvals.ts')).approvals,
  jobs: async () => (await import('./jobs.ts')).jobs,
  // who loses a role loses their leases, and reviews of access follow one another;
  // what was read, here or by an audit log, is judged soon after it is known
  reacts: {
    'https://avouch.dev/evidence/core/access/v1': 'weight-security/end-leases',
    'https://avouch.dev/evidence/weight-security/policy/v1': 'weight-security/plan-review',
    'https://avouch.dev/evidence/weight-security/review/v1': 'weight-security/plan-review',
    'https://avouch.dev/evidence/weight-security/reads/v1': 'weight-security/detect',
    'https://avouch.dev/evidence/weight-security/source/v1': 'weight-security/detect',
  },
  routes: async () => (await import('./routes.ts')).routes,
  claims: async () => (await import('./claims.ts')).claims,
})
