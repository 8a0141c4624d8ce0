import type { Commitment } from '@avouch/core/commitment'
import { AvouchError } from '@avouch/core/errors'
import type { EvidenceRecord } from '@avouch/core/evidence'
import { type Claim, gate, type Obligation, releaseEvidence, type Verdict } from '@avouch/core/gate'
import type { Installation } from '@avouch/core/installation'
import { REPORT } from './obligations.ts'

/** What a report is asked for: a release of an installation, and the commitments whose claims it holds. */
export type ReportRequest = { installation: Installation; commitments: Commitment[]; release: string }

export type Gathered = {
  release: {
    name: string
    snapshot: string | undefined
    configuration: EvidenceRecord['about']['configuration']
  }
  evidence: EvidenceRecord[]
  claims: Claim[]
  verdict: Verdict
}

/** Gathers evidence, claims and verdict. Throws `not-found` where the release was never registered. */
export async function gather({ installation, commitments, release }: ReportRequest): Promise<Gathered> {
  const evidence = await installation.evidence.list({})
  const live = evidence.filter(
    (one) => one.state === 'logged' && one.supersededBy === undefined && one.retractedBy === undefined,
  )
  const registered = live.findLast(
    (one) => one.predicateType === releaseEvidence.predicateType && one.about.release === release,
  )
  if (!registered)
    throw new AvouchError('not-found', `no release ${release} is recorded`, {
      where: release,
      fix: 'Assess it first: avouch assess --target URL --model NAME --release NAME@VERSION',
    })
  const makers = await Promise.all(commitments.map((commitment) => commitment.claims?.()))
  return {
    release: {
      name: release,
      snapshot: registered.about.snapshot,
      configuration: registered.about.configuration,
    },
    evidence,
    claims: makers.flatMap((make) => make?.(live, release) ?? []),
    verdict: await gate(installation, release, catalogue(commitments)),
  }
}

/** The verdict as it will stand once `report`, which is not recorded yet, is in the log. */
export async function verdictWith(request: ReportRequest, report: EvidenceRecord): Promise<Verdict> {
  const counting = catalogue(request.commitments).map(
    (obligation): Obligation => ({
      ...obligation,
      rule: (context) =>
        obligation.rule({
          ...context,
          evidence: (type, about) => {
            const name = typeof type === 'string' ? type : type.predicateType
            const found = context.evidence(type, about)
            return name === REPORT && about === undefined ? [...found, report] : found
          },
          applies: (records) => [
            ...context.applies(records.filter((one) => one !== report)),
            ...(records.includes(report) ? [report] : []),
          ],
        }),
    }),
  )
  return gate(request.installation, request.release, counting)
}

function catalogue(commitments: readonly Commitment[]): Obligation[] {
  return commitments.flatMap((commitment) => commitment.obligations)
}
