import { ALIKE } from '../fingerprint/hash.ts'
import type { Manifest, ManifestReading } from '../manifest/manifest.ts'
import type { FoundMark, FoundTrace } from '../media/family.ts'
import type { Registered } from '../register/register.ts'
import type { Likeness } from './likeness.ts'

export type Verdict = 'ours' | 'ours, altered' | 'marked by another' | 'no mark found'

/** What the layers found, and what the register knows of it. */
export type Findings = {
  /** Of media: what is compared, and in which words. */
  family: string
  manifest: ManifestReading
  mark: FoundMark | undefined
  /** What is left of a mark, where none can be read. */
  trace?: FoundTrace | undefined
  /** By the watermark's content id, else by that of a manifest of our own. */
  registered: Registered | undefined
  likeness: Likeness | undefined
  /** The content that looks most alike, where no mark names any. */
  alike: { content: Registered; distance: number; quality: number } | undefined
}

export type Judged = {
  verdict: Verdict
  /** Whose content it is taken for. */
  content: Registered | undefined
  /** What it rests on. */
  by: 'manifest' | 'watermark' | undefined
  /** A mark of ours is in it, of content that this does not look or sound like. */
  copied: boolean
  /** The marked content is only a part of it. */
  within: boolean
  /** A mark of ours is in it, but nothing tells that it belongs there: it may have been copied. */
  unconfirmed: boolean
  /** A mark of ours is in it that names no content any more. */
  traced: boolean
  /** Registered content that it looks almost the same as, without carrying a mark of it: a hint, no verdict. */
  lookalike: Registered | undefined
}

/** So few bits of difference are what compression does; more tell that something was changed in the picture. */
const COMPRESSED = 10
/** A look-alike is told only within so many bits, */
const SURELY_ALIKE = 20
/** and where there is so much detail to tell by. */
const ENOUGH_DETAIL = 12

/** The verdict out of the findings. Pure: what is said to people stands in `words.ts`. */
export function judge(findings: Findings): Judged {
  const { manifest: reading, mark, trace, registered, likeness, alike } = findings
  const manifest = reading.state === 'found' ? reading.manifest : undefined
  const none = {
    content: undefined,
    copied: false,
    within: false,
    unconfirmed: false,
    traced: trace !== undefined,
    lookalike: undefined,
  }
  if (isIntact(manifest) && manifest.own)
    // what a manifest leaves out of its hash may be made to show something else
    return likeness && isAnother(likeness)
      ? { ...none, ...unmarked(undefined), copied: true }
      : { ...none, verdict: 'ours', content: registered, by: 'manifest' }
  if (mark) {
    if (likeness?.judgement === 'other') return { ...none, ...unmarked(manifest), copied: true }
    const verdict = isUntouched(mark, likeness) ? 'ours' : 'ours, altered'
    return {
      ...none,
      verdict,
      content: registered,
      by: 'watermark',
      within: likeness?.judgement === 'within',
      unconfirmed: likeness === undefined || likeness.judgement === 'cannot be told',
    }
  }
  // a manifest of ours that was made for other bytes: the fingerprint tells whether for this content
  if (manifest?.own && manifest.signatureHolds && likeness && registered) {
    const { judgement } = likeness
    // of what has hardly any detail, such as a black picture, much else looks the same
    const told = registered.quality >= ENOUGH_DETAIL
    if (told && (judgement === 'same' || judgement === 'part' || judgement === 'within'))
      return {
        ...none,
        verdict: 'ours, altered',
        content: registered,
        by: 'manifest',
        within: judgement === 'within',
      }
    return { ...none, ...unmarked(undefined), copied: judgement === 'other' }
  }
  const isLookalike = alike && alike.distance <= SURELY_ALIKE && alike.quality >= ENOUGH_DETAIL
  // neither would do alone: a trace can be copied, and looks are no proof
  if (trace && isLookalike)
    return { ...none, verdict: 'ours, altered', content: alike.content, by: 'watermark' }
  return { ...none, ...unmarked(manifest), lookalike: isLookalike ? alike.content : undefined }
}

function unmarked(manifest: Manifest | undefined): Pick<Judged, 'verdict' | 'by'> {
  return isIntact(manifest)
    ? { verdict: 'marked by another', by: 'manifest' }
    : { verdict: 'no mark found', by: undefined }
}

/** A manifest that holds and speaks of these very bytes. */
function isIntact(manifest: Manifest | undefined): manifest is Manifest {
  return manifest?.wellFormed === true && manifest.bytesMatch
}

/** Bytes that are as they were look as they did; else something else is shown in their name. */
function isAnother({ judgement, distance }: Likeness): boolean {
  return judgement === 'other' || (judgement === 'cannot be told' && distance > ALIKE)
}

function isUntouched(mark: FoundMark, likeness: Likeness | undefined): boolean {
  // nothing tells what it was
  if (likeness === undefined) return false
  return (
    likeness.shapeKept &&
    likeness.judgement === 'same' &&
    (mark.speed !== undefined || mark.layers !== undefined || likeness.distance <= COMPRESSED)
  )
}
