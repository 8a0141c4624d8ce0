import { groupedContentId } from '../content.ts'
import { FRAME_ALIKE } from '../fingerprint/film.ts'
import { ALIKE, HASH_BITS } from '../fingerprint/hash.ts'
import { explainManifest } from '../manifest/explain.ts'
import { FALSE_ACCEPT_DIGITS } from '../mark/service.ts'
import type { FoundMark } from '../media/family.ts'
import type { Registered } from '../register/register.ts'
import type { Likeness } from './likeness.ts'
import type { Findings, Judged } from './verdict.ts'

/** One layer's answer in plain words: what was found, how sure that is, how often it is wrong. */
export type LayerFinding = {
  layer: 'watermark' | 'manifest' | 'fingerprint'
  found: 'ours' | 'ours, of other content' | 'another’s' | 'alike' | 'nothing' | 'unreadable'
  finding: string
  confidence: string
  errorRate: string
}

/** What no answer may be without: finding nothing proves nothing. */
export const NOTHING_PROVED =
  'No mark was found. That does not say how the content was made: an AI model, ours or another’s, may have made it and its marks been removed, or never set.'

/** The same where a mark of other content is in it. */
const COPY_ALONE =
  'How the content was made, it does not say: an AI model, ours or another’s, may have made it all the same.'

/** The same where a trace of a mark was found: nothing is proved either way. */
const TRACE_ALONE =
  'A trace of this service’s watermark is in it, too damaged to tell of which content. It may have been made by this service and changed to remove the mark, or the trace may have been copied here from other content: alone it proves neither.'

/** The verdict in a sentence or two. */
export function verdictWords(judged: Judged, family: string): string {
  const { verdict, content, copied, within, unconfirmed, traced, lookalike } = judged
  if (unconfirmed)
    return content === undefined
      ? 'A mark of this service is in it, of content that is not in the register. It was made by AI by this service, or the mark was copied here from what was: nothing is left to compare it with.'
      : `A mark is in it of content made by AI ${nameOf(content)}. It is a changed part of that content, or the mark was copied here: too little is left, or too much was changed, to compare the two.`
  const from = content === undefined ? ' by this service' : ` ${nameOf(content)}`
  if (verdict === 'ours')
    return `Made by AI${from}. It is as it was when it was marked, or only compressed since.`
  if (within)
    return `A part of this ${NAMES[family] ?? 'content'} was made by AI${from}. Of the rest of it the mark says nothing.`
  if (verdict === 'ours, altered') return `Made by AI${from}, and altered since.`
  const said =
    verdict === 'marked by another'
      ? 'Not marked by this service. Somebody else’s C2PA manifest is in it; what it says, and how far to trust that, stands below.'
      : traced
        ? TRACE_ALONE
        : NOTHING_PROVED
  if (copied)
    return `A mark of this service is in the file, but this does not ${family === 'sound' ? 'sound' : 'look'} like the content that the mark was set for. The mark may have been copied here, or hardly anything of that content is left: it says nothing of this content. ${said === NOTHING_PROVED ? COPY_ALONE : said}`
  if (lookalike)
    return `${said} It ${lookalike.family === 'sound' ? 'sounds' : 'looks'} almost the same as content made by AI ${nameOf(lookalike)}; ${lookalike.family === 'sound' ? 'sound alone is' : 'looks alone are'} no proof.`
  return said
}

/** What content of each family is called. */
const NAMES: Record<string, string> = { picture: 'picture', sound: 'sound', video: 'film' }

function nameOf({ maker, contentId, markedAt }: Registered): string {
  return `by the service ${maker.service} with the model ${maker.model} (content ${groupedContentId(contentId)}, ${markedAt.toISOString().slice(0, 10)})`
}

/** All layers, in the order in which they weigh. */
export function layerFindings(findings: Findings, judged: Judged): LayerFinding[] {
  return [watermark(findings, judged), manifest(findings), fingerprint(findings, judged)]
}

function watermark(
  { family, mark, trace, registered, likeness }: Findings,
  { copied }: Judged,
): LayerFinding {
  const errorRate = `By the code’s design, fewer than one in ${(10 ** Math.floor(FALSE_ACCEPT_DIGITS)).toLocaleString('en-GB')} unmarked files is taken for marked. How often a mark is missed depends on what was done to the file; the robustness table measures it.`
  if (mark === undefined && trace)
    return {
      layer: 'watermark',
      found: 'unreadable',
      finding:
        'An invisible watermark of this service is in it, but what it says can no longer be read: several markings were mixed, or it was damaged on purpose.',
      confidence: `${Math.floor(trace.confidence)} bits of evidence against chance that it is a mark of this service; none of which content it was set for.`,
      errorRate,
    }
  if (mark === undefined)
    return {
      layer: 'watermark',
      found: 'nothing',
      finding: 'No invisible watermark of this service could be read.',
      confidence: 'None: an erased or overwritten watermark looks the same as none.',
      errorRate,
    }
  const scale = likeness?.scale ?? mark.scale
  const changes = [
    ...(Math.abs(scale - 1) >= 0.01 ? [`scaled to ${Math.round(scale * 100)} %`] : []),
    ...(Math.abs(mark.rotation) >= 0.5 ? [`turned by ${Math.round(mark.rotation)}°`] : []),
    ...(mark.mirrored ? ['mirrored'] : []),
    ...speedWords(mark.speed),
    ...placeWords(likeness?.judgement, family, registered?.family ?? family),
  ]
  return {
    layer: 'watermark',
    found: copied ? 'ours, of other content' : 'ours',
    finding: `An invisible watermark of this service was read${placeOf(mark.layers)}${changes.length > 0 ? `; the content was ${changes.join(', ')} since` : ''}.`,
    confidence: `${Math.floor(mark.confidence)} bits of evidence against chance; ${mark.bitErrors} of 512 bits were wrong and corrected.`,
    errorRate,
  }
}

/** What became of the whole that was marked. */
function placeWords(judgement: string | undefined, now: string, then: string): string[] {
  if (judgement === 'within')
    return [
      now === then && now !== 'sound'
        ? 'put into a larger picture'
        : `put into a ${now === 'sound' ? 'longer sound' : 'film'}`,
    ]
  if (judgement !== 'part') return []
  return [now !== then ? 'taken out of a film' : now === 'picture' ? 'cropped' : 'cut']
}

/** Where in a film it stands. */
function placeOf(layers: FoundMark['layers']): string {
  if (layers === undefined) return ''
  if (layers === 'frames, the sound of other content')
    return ' in its frames; its sound carries the mark of other content'
  if (layers === 'frames and sound') return ' in its frames and, the same one, in its sound'
  return layers === 'frames' ? ' in its frames' : ' in its sound, and none in its frames'
}

function speedWords(speed: { time: number; pitch: number } | undefined): string[] {
  if (speed === undefined || Math.abs(speed.time - 1) < 0.002) return []
  const kept = Math.abs(speed.pitch - 1) < 0.002 ? ', its pitch kept' : ''
  return [`played at ${(speed.time * 100).toFixed(1)} % of its speed${kept}`]
}

function manifest({ manifest: reading }: Findings): LayerFinding {
  const found = ((): LayerFinding['found'] => {
    if (reading.state === 'absent') return 'nothing'
    if (reading.state === 'unreadable') return 'unreadable'
    const { own, wellFormed } = reading.manifest
    if (!wellFormed) return own ? 'ours, of other content' : 'nothing'
    return own ? 'ours' : 'another’s'
  })()
  const holds = reading.state === 'found' && reading.manifest.wellFormed
  return {
    layer: 'manifest',
    found,
    finding: explainManifest(reading).join(' '),
    confidence: holds
      ? 'The signature was checked; who signed is only as sure as the signer is trusted.'
      : 'None: a manifest that is missing, broken or of other bytes says nothing of this file.',
    errorRate: 'A signature that holds cannot come about by chance; a stolen key can sign anything.',
  }
}

function fingerprint({ family, registered, likeness, alike }: Findings, judged: Judged): LayerFinding {
  const sound = family === 'sound' || registered?.family === 'sound'
  const [looks, look, map] = sound
    ? ['sounds', 'sound', 'run']
    : ['looks', 'look', family === 'video' ? 'frames' : 'layout']
  const errorRate =
    'How often unlike content is alike to this fingerprint has not been measured on public collections. It confirms or contradicts a mark; alone it is a hint.'
  if (registered && likeness) {
    const finding = {
      same: `It ${looks} like what the register holds under this mark.`,
      part: `It ${looks} like a part of what the register holds under this mark.`,
      within: `A part of it ${looks} like what the register holds under this mark.`,
      other: `It does NOT ${look} like what the register holds under this mark.`,
      'cannot be told': 'Too much was changed to compare it with what the register holds under this mark.',
    }[likeness.judgement]
    const part =
      likeness.agreement === undefined
        ? ''
        : ` ${Math.round(likeness.agreement * 100)} % of its ${map} ${map === 'frames' ? 'look like registered ones' : 'agrees at the best place'}.`
    return {
      layer: 'fingerprint',
      found:
        likeness.judgement === 'other'
          ? 'ours, of other content'
          : likeness.judgement === 'cannot be told'
            ? 'nothing'
            : 'ours',
      finding,
      confidence: confidenceOf(likeness, part, [family, registered.family]),
      errorRate,
    }
  }
  return {
    layer: 'fingerprint',
    found: judged.lookalike || (judged.traced && judged.content) ? 'alike' : 'nothing',
    finding: alike
      ? `The register holds content that ${looks} much the same.`
      : `The register holds nothing that ${looks} the same.`,
    confidence: alike
      ? `${alike.distance} of ${HASH_BITS} bits differ.`
      : sound
        ? 'A search by sound alone misses what was cut or played faster.'
        : 'A search by looks misses what was cropped, turned or redrawn.',
    errorRate,
  }
}

/** By what looks or sound were compared, where `families` are of what is checked and of what is registered. */
function confidenceOf(
  { distance, agreement }: Likeness,
  part: string,
  [now, then]: readonly [string, string],
): string {
  if (now === 'sound' || then === 'sound')
    return agreement === undefined ? 'None: it is too short to compare.' : part.trim()
  if (now !== then)
    return `Of the film’s frames the nearest differs in ${distance} of ${HASH_BITS} bits; up to ${FRAME_ALIKE} count as the same look, unlike content differs in about half.`
  return `${distance} of ${HASH_BITS} bits differ; up to ${ALIKE} count as the same look, unlike content differs in about half.${part}`
}
