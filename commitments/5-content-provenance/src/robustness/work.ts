import { randomBytes } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import { random } from '@avouch/core/stats'
import { chosenAttacks } from '../attack/attacks.ts'
import { asRaw, opened, type Raw } from '../attack/raw.ts'
import { likenessOf } from '../check/likeness.ts'
import { newContentId } from '../content.ts'
import { lookOf } from '../fingerprint/look.ts'
import { smaller } from '../fingerprint/shrink.ts'
import { kindOf } from '../media/families.ts'
import type { Look } from '../media/family.ts'
import { lumaOf } from '../media/luma.ts'
import { decodePicture } from '../media/picture-file.ts'
import { pictureMark } from '../watermark/picture/index.ts'
import { type Quality, qualityOf } from './quality.ts'

// What the content thread does for the table: all of it on bytes, none of it kept.

/** What a detector said. */
export type Finding = {
  found: boolean
  /** What the mark says, where the detector tells it. */
  id?: string
  /** How many bits were read wrongly before correction, where the detector tells it. */
  bitErrors?: number
}

/** Which change, and what its chance follows from. */
export type ChangeRequest = { attack: string; seed: string }

/** A picture by itself: transparency, profile and metadata left away, as PNG. Throws `input` or `limit`. */
export async function prepared(
  bytes: Uint8Array,
): Promise<{ png: Uint8Array; width: number; height: number }> {
  const raw = await readRaw(bytes)
  return { png: await pngOf(raw), width: raw.width, height: raw.height }
}

/** How near the marked picture is to the original. Throws `input` where they differ in size. */
export async function likened(original: Uint8Array, marked: Uint8Array): Promise<Quality> {
  const [one, other] = await Promise.all([readRaw(original), readRaw(marked)])
  if (one.width !== other.width || one.height !== other.height)
    throw new AvouchError('input', 'the marked picture has another size than the original')
  return qualityOf(one, other)
}

/** The picture after a change, as PNG. */
export async function changed(bytes: Uint8Array, request: ChangeRequest): Promise<Uint8Array> {
  return pngOf(await change(bytes, request))
}

/** What our own detector reads after a change. */
export async function found(
  bytes: Uint8Array,
  request: ChangeRequest & { key: Uint8Array },
): Promise<Finding> {
  return read(await change(bytes, request), request.key)
}

/** What came of one attempt of a scheme: whether the attacker reached the aim, and whether a mark was read at all. */
export type Attempted = { succeeded: boolean; read: boolean }

/**
 * A forgery succeeds where a mark is read and the register's fingerprint does not tell that it belongs to another picture;
 * a removal where none of the marks put in is read.
 */
export async function attempted(
  pictures: readonly Uint8Array[],
  { attack: name, key }: { attack: string; key: Uint8Array },
): Promise<Attempted> {
  const [scheme] = await chosenAttacks([name])
  if (scheme === undefined || scheme.kind === 'change')
    throw new AvouchError('internal', `${name} is no scheme`)
  const made = new Map<string, Look>()
  const markWith = (picture: Raw, contentId: string, under: Uint8Array): Raw => {
    const { pixels, width, height } = picture
    const mark = pictureMark.embed(pixels, width, height, 3, { service: 1, contentId }, under)
    return { pixels: Uint8Array.from(mark.pixels), width, height }
  }
  const result = await scheme.attempt({
    pictures: await Promise.all(pictures.map(readRaw)),
    mark(picture) {
      const contentId = newContentId()
      const marked = markWith(picture, contentId, key)
      made.set(contentId, lookOf(planeOf(marked)))
      return marked
    },
    guess: (picture) => markWith(picture, newContentId(), randomBytes(32)),
  })
  const plane = planeOf(result)
  const mark = pictureMark.detect(plane.luma, plane.width, plane.height, key)
  if (scheme.kind === 'removal')
    return { succeeded: mark === undefined || !made.has(mark.contentId), read: mark !== undefined }
  const registered = mark && made.get(mark.contentId)
  if (mark === undefined || registered === undefined)
    return { succeeded: mark !== undefined, read: mark !== undefined }
  const seen = { look: lookOf(plane), mark: { ...mark, ...mark.geometry }, view: smaller(plane, VIEW) }
  const likeness = likenessOf(seen, { ...registered, family: 'picture' }, 'picture')
  return { succeeded: likeness.judgement !== 'other', read: true }
}

/** As large as the check has it. */
const VIEW = 512

function read(raw: Raw, key: Uint8Array): Finding {
  const { luma, width, height } = planeOf(raw)
  const mark = pictureMark.detect(luma, width, height, key)
  return mark ? { found: true, id: mark.contentId, bitErrors: mark.bitErrors } : { found: false }
}

async function change(bytes: Uint8Array, { attack: name, seed }: ChangeRequest): Promise<Raw> {
  const [attack] = await chosenAttacks([name])
  if (attack === undefined || !('apply' in attack))
    throw new AvouchError('internal', `${name} changes no picture`)
  return attack.apply(await readRaw(bytes), random(`${seed}/${name}`))
}

async function readRaw(bytes: Uint8Array): Promise<Raw> {
  const { kind } = await kindOf(bytes)
  const { pixels, width, height, channels } = await decodePicture(bytes, kind)
  return asRaw(pixels, width, height, channels)
}

/** Quickly rather than small: it lives for one question. */
async function pngOf(raw: Raw): Promise<Uint8Array> {
  return new Uint8Array(await opened(raw).png({ compressionLevel: 1 }).toBuffer())
}

function planeOf({ pixels, width, height }: Raw): { luma: Uint8Array; width: number; height: number } {
  return { luma: lumaOf(pixels, 3), width, height }
}
