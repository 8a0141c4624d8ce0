import {
  calibrationEvidence,
  liveCalibrations,
  type ReadRate,
  readRate,
  reported,
} from '@avouch/core/campaign'
import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { counted } from '@avouch/core/words'
import { DOMAIN_TITLES, DOMAINS } from './domain.ts'
import { campaignResult } from './evidence.ts'
import { inWords } from './rate.ts'

/**
 * A result as lines for a person: every domain, tested or not; over-refusal beside; what was planned and done. Rates
 * are corrected for their graders' error where a calibration of them stands.
 */
export async function linesOfResult(
  { evidence }: Pick<Installation, 'evidence'>,
  record: EvidenceRecord,
): Promise<string[]> {
  const calibrations = liveCalibrations(await evidence.list({ type: calibrationEvidence }))
  const result = evidence.read(campaignResult, record)
  const lines = DOMAINS.map((domain) => {
    const read = readRate(record, 'rates', domain, calibrations)
    const coverage = result.coverage[domain]
    if (!read || !coverage) return `${DOMAIN_TITLES[domain]}: not tested`
    return `${DOMAIN_TITLES[domain]}: breaches ${told(read)}, ${coverage.executed} of ${coverage.planned} answered, ${counted(read.apparent.clusters, 'behaviour')}`
  })
  for (const domain of DOMAINS) {
    const coverage = result.agenticCoverage?.[domain]
    const rate = result.agenticRates?.[domain]
    if (coverage)
      lines.push(
        `${DOMAIN_TITLES[domain]}, by an agent in a simulated world: ${rate ? `breaches ${inWords(rate)}` : 'not tested'}, ${coverage.executed} of ${coverage.planned} answered, ${counted(coverage.behavioursGraded, 'behaviour')}`,
      )
  }
  const refused = readRate(record, 'overRefusal', 'all', calibrations)
  lines.push(
    refused
      ? `Over-refusal: ${told(refused)} of ${counted(refused.apparent.n, 'harmless question')}`
      : 'Over-refusal: not measured',
  )
  const { ledger } = result
  lines.push(
    `Ledger: ${ledger.planned} planned, ${ledger.executed} answered, ${ledger.graded} judged, ${counted(ledger.errored, 'error')}, ${ledger.refusedByProvider} refused by the provider, ${ledger.notRun} not run`,
  )
  for (const { digest, domain, planned, executed, breaches } of result.sealedPacks ?? [])
    lines.push(
      `Sealed pack ${digest.slice(0, 12)}, ${domain}: ${counted(breaches, 'breach', 'breaches')}, ${executed} of ${planned} answered`,
    )
  const { regressions } = result
  if (regressions && regressions.flaws > 0)
    lines.push(
      `Regressions: ${regressions.run} of ${regressions.flaws} reported flaws asked again, ${regressions.brokenAgain} broken again, ${regressions.notRun} not run`,
    )
  return lines
}

function told(read: ReadRate): string {
  const words = inWords(reported(read))
  return read.corrected ? `${words}, graded ${inWords(read.apparent)}` : words
}
