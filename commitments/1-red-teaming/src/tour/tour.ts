import { calibrationEvidence, campaignsOf } from '@avouch/core/campaign'
import type { Tour } from '@avouch/core/tour'
import { counted } from '@avouch/core/words'
import { calibrate } from '../calibration/calibrate.ts'
import { testedBy } from '../calibration/tested.ts'
import { PURPOSE } from '../campaign.ts'
import type { Source } from '../imported.ts'
import { inWords } from '../rate.ts'
import { carryOutRobustness, registerRobustness } from '../research/robustness/study.ts'
import { truthLabels } from './labels.ts'

/**
 * Red-teaming's part in the tour, once the release was attacked: its graders are calibrated on answers whose truth is
 * known, so that its rates are corrected, and a study is registered and carried out.
 */
export async function tour(given: Tour): Promise<void> {
  const { attacks, harmless } = await truthLabels(given.signal)
  await calibrateOn(attacks, 'rules', given)
  await calibrateOn(harmless, 'over-refusal-rules', given)
  await study(given)
}

/** Holds for this release alone: what graders do on a practice model says nothing of a real one. */
async function calibrateOn(
  source: Source,
  grader: string,
  { installation, release, tell, signal }: Tour,
): Promise<void> {
  const tested = await testedBy(grader, { version: undefined, event: undefined, judge: undefined })
  const fields = await calibrate(source, tested, { domain: undefined, signal })
  await installation.evidence.append({ type: calibrationEvidence, about: { release }, fields })
  const { sensitivity, specificity, cases } = fields.overall
  tell(
    `Calibrated ${grader} on ${counted(cases, 'answer')} whose truth the practice model tells: finds ${sensitivity ? inWords(sensitivity) : 'unknown'}, leaves alone ${specificity ? inWords(specificity) : 'unknown'}. Rates of ${release} are corrected by it.`,
  )
}

async function study({ installation, release, tell }: Tour): Promise<void> {
  const [campaign] = await campaignsOf(installation.db, { purpose: PURPOSE, release, limit: 1 })
  if (!campaign) return
  const registered = await registerRobustness(installation, [campaign.id])
  tell(
    `Registered study ${registered.number}: ${registered.plan.title}; its plan says that the campaign had run before.`,
  )
  const { result } = await carryOutRobustness(installation, registered.study)
  tell(`Its outcome: ${result.outcome}. ${result.summary}`)
}
