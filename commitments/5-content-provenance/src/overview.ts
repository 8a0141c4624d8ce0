import { AvouchError } from '@avouch/core/errors'
import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { detectionEvidence } from './evidence.ts'
import { readCredential } from './manifest/credential.ts'
import { readTrustList, trustListFile } from './manifest/trust-list.ts'
import { robustnessPlan, robustnessResult } from './robustness/evidence.ts'
import { type RobustnessView, robustnessViews } from './robustness/view.ts'
import { hasWatermarkKey, readSettings } from './settings.ts'

/** What marks rest on: keys, certificate, trust. What cannot be read says why instead of hiding the rest. */
export async function layersOf(installation: Pick<Installation, 'config' | 'now'>) {
  const { config, now } = installation
  const problems: string[] = []
  const tried = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof AvouchError)) throw error
      problems.push(error.fix === undefined ? `${error.message}.` : `${error.message}. ${error.fix}`)
      return undefined
    }
  }
  const key = await tried(() => hasWatermarkKey(config))
  const credential = await tried(() => readCredential(config))
  const trust = await tried(() => readTrustList(trustListFile(config)))
  const settings = await tried(() => readSettings(config))
  const signer = credential?.chain[0]
  return {
    problems,
    watermarkKey: key ?? null,
    signer: signer
      ? {
          subject: signer.subject.replaceAll('\n', ', '),
          until: new Date(signer.validTo).toISOString(),
          daysLeft: Math.floor((Date.parse(signer.validTo) - now().getTime()) / 86_400_000),
        }
      : null,
    trustList: trust === undefined ? 0 : trust.split('-----BEGIN CERTIFICATE-----').length - 1,
    timeStamped: settings?.timeStampAuthority !== undefined,
    feedback: settings?.feedback ?? null,
  }
}

/** How well marks survive, by medium. */
export async function robustnessNow({ evidence }: Installation): Promise<RobustnessView[]> {
  const [results, plans] = await Promise.all([
    evidence.list({ type: robustnessResult, newest: true, limit: 200 }),
    evidence.list({ type: robustnessPlan, newest: true, limit: 200 }),
  ])
  const live = (some: EvidenceRecord[]) =>
    some.filter(({ supersededBy, retractedBy }) => !supersededBy && !retractedBy)
  return robustnessViews(live(results), live(plans))
}

/** The newest trial of the public check from outside. Who checks what is counted nowhere. */
export async function lastTrial({ evidence }: Installation) {
  const record = (await evidence.list({ type: detectionEvidence, newest: true, limit: 20 })).findLast(
    ({ supersededBy, retractedBy, state }) => !supersededBy && !retractedBy && state !== 'erased',
  )
  if (record === undefined) return null
  const read = detectionEvidence.schema.safeParse(record.fields)
  return {
    ...{ evidence: record.id, at: record.recordedAt.toISOString(), release: record.about.release ?? null },
    // null where it was erased
    found: read.success ? read.data : null,
  }
}
