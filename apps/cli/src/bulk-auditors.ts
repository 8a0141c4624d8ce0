import { auditCampaign } from '@avouch/core/campaign'
import type { Installation } from '@avouch/core/installation'
import type { BulkAuditor } from '@avouch/core/log'

/** Who can derive which bulk records again, by the first part of their address. */
export function bulkAuditors(installation: Installation): Record<string, BulkAuditor> {
  return {
    campaign: async (records) => {
      const [, id = '', round] = records.split('/')
      const audit = await auditCampaign(installation, id, round === undefined ? {} : { round: Number(round) })
      return { root: audit.root, problems: audit.problems.map((p) => `${p.where}: ${p.what}`) }
    },
    import: async (records) => {
      const { auditImport } = await import('@avouch/red-teaming/import')
      return auditImport(installation, records.split('/')[1] ?? '')
    },
    session: async (records) => {
      const { auditSession } = await import('@avouch/red-teaming/session')
      return auditSession(installation, records.split('/')[1] ?? '')
    },
    rating: async (records) => {
      const { auditRound } = await import('@avouch/red-teaming/rating')
      return auditRound(installation, records.split('/')[1] ?? '')
    },
    'weight-reads': async (records) => {
      const { auditReads } = await import('@avouch/weight-security/reads')
      return auditReads(installation, records)
    },
  }
}
