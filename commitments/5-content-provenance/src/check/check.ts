import type { Database } from '@avouch/core/db'
import type { Installation } from '@avouch/core/installation'
import type { Manifest, ManifestReading } from '../manifest/manifest.ts'
import { ownSigners } from '../manifest/own.ts'
import { mayFileHoldManifest, mayHoldManifest } from '../manifest/presence.ts'
import { readTrustList, trustListFile } from '../manifest/trust-list.ts'
import { kindOf, kindOnDisk } from '../media/families.ts'
import type { Family, Kind } from '../media/family.ts'
import { bytesOf, type OnDisk } from '../media/on-disk.ts'
import { inContentProcessWith } from '../process/content-process.ts'
import type { Watch } from '../process/pool.ts'
import { findAlike, findByManifest, findContent, findService, type Registered } from '../register/register.ts'
import { watermarkKey } from '../settings.ts'
import type { ExamineRequest, examine } from './examine.ts'
import { likenessOf } from './likeness.ts'
import { type Findings, judge, type Verdict } from './verdict.ts'
import { type LayerFinding, layerFindings, verdictWords } from './words.ts'

/** The answer to "was this made by us?". Nothing in it is about a person, and nothing of the content is kept. */
export type Checked = {
  verdict: Verdict
  words: string
  contentId: string | undefined
  service: string | undefined
  model: string | undefined
  markedAt: string | undefined
  /** A mark of ours is in it, of content that this does not look or sound like. */
  copied: boolean
  /** The marked content is only a part of it, such as of a screenshot; the verdict is of that part. */
  within: boolean
  /** A mark of ours is in it, and nothing tells that it belongs there: it may have been copied. */
  unconfirmed: boolean
  /** A mark of ours is in it that names no content any more. */
  traced: boolean
  /** The id of registered content that it looks almost the same as, without carrying a mark of it. */
  lookalike: string | undefined
  kind: string
  layers: LayerFinding[]
  /** The C2PA manifest in it, by whomever. */
  manifest: Manifest | undefined
}

/**
 * Checks content by all layers; a film in a file is not held. Throws `input` or `limit` where it cannot be read at all,
 * `unavailable` where it was stopped.
 */
export async function checkContent(
  installation: Installation,
  content: Uint8Array | OnDisk,
  watch: Watch = {},
): Promise<Checked> {
  if (content instanceof Uint8Array) {
    const { family, kind } = await kindOf(content)
    const how = { seconds: family.secondsFor?.(content, kind)?.inspect, ...watch }
    return check(installation, { family, kind, mayHold: mayHoldManifest(content) }, (request) =>
      inContentProcessWith(how, 'examine', content, request),
    )
  }
  const known = await kindOnDisk(content)
  if (known === undefined) return checkContent(installation, await bytesOf(content), watch)
  const { family, kind, head } = known
  const how = { seconds: family.secondsFor?.(head, kind)?.inspect, ...watch }
  return check(installation, { family, kind, mayHold: await mayFileHoldManifest(content) }, (request) =>
    inContentProcessWith(how, 'examineFile', content, request),
  )
}

async function check(
  { config, db }: Installation,
  { family, kind, mayHold }: { family: Family; kind: Kind; mayHold: boolean },
  examined: (request: ExamineRequest) => ReturnType<typeof examine>,
): Promise<Checked> {
  const [key, reading] = await Promise.all([
    watermarkKey(config),
    kind.noManifest === undefined && mayHold ? signersFor(config) : undefined,
  ])
  const { inspected, manifest } = await examined({ key, reading })
  const { mark, trace, look } = inspected
  const registered = mark ? await findContent(db, mark.contentId) : await ofOwnManifest(db, manifest)
  const [near] = mark || registered ? [] : await findAlike(db, family.name, look.hash)
  const findings: Findings = {
    family: family.name,
    manifest,
    mark,
    trace,
    registered,
    likeness: registered && likenessOf(inspected, registered, family.name),
    alike: near && { ...near, quality: Math.min(look.quality, near.content.quality) },
  }
  const judged = judge(findings)
  const content: Registered | undefined = judged.content
  const service =
    content === undefined && judged.by === 'watermark' && mark
      ? await findService(db, mark.service)
      : undefined
  return {
    verdict: judged.verdict,
    words: verdictWords(judged, family.name),
    contentId: content?.contentId ?? (judged.by === 'watermark' ? mark?.contentId : undefined),
    service: content?.maker.service ?? service?.service,
    model: content?.maker.model ?? service?.model,
    markedAt: content?.markedAt.toISOString(),
    copied: judged.copied,
    within: judged.within,
    unconfirmed: judged.unconfirmed,
    traced: trace !== undefined,
    lookalike: judged.lookalike?.contentId,
    kind: kind.name,
    layers: layerFindings(findings, judged),
    manifest: manifest.state === 'found' ? manifest.manifest : undefined,
  }
}

/** Whom manifests are held to: those who are trusted, and ourselves. */
async function signersFor(config: Installation['config']): Promise<ExamineRequest['reading']> {
  const [anchors, own] = await Promise.all([readTrustList(trustListFile(config)), ownSigners(config)])
  return { anchors, own }
}

/** The content that a manifest signed by us was made for. */
async function ofOwnManifest(db: Database, reading: ManifestReading): Promise<Registered | undefined> {
  return reading.state === 'found' && reading.manifest.own
    ? findByManifest(db, reading.manifest.label)
    : undefined
}
