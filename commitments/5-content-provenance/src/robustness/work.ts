import { randomBytes } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import { random } from '@avouch/core/stats'
import { chosenAttacks } from '../attack/attacks.ts'
import { likenessOf } from '../check/likeness.ts'
import { newContentId } from '../content.ts'
import type { Look } from '../media/family.ts'
import { type Bench, benchOf, type Quality } from './bench.ts'
import type { Medium, Size } from './medium.ts'

// What a content process does for the table: all of it on bytes, none of it kept.

/** What a detector said. */
export type Finding = {
  found: boolean
  /** What the mark says, where the detector tells it. */
  id?: string
  /** How many bits were read wrongly before correction, where the detector tells it. */
  bitErrors?: number
}

/** Which change, and what its chance follows from. */
export type ChangeRequest = { medium: Medium; attack: string; seed: string }

/** A file by itself, in the plain form of its medium. Throws `input` or `limit`. */
export async function prepared(
  bytes: Uint8Array,
  medium: Medium,
): Promise<{ plain: Uint8Array; size: Size }> {
  const bench = await benchOf(medium)
  const file = await bench.read(bytes)
  return { plain: await bench.write(file), size: bench.sizeOf(file) }
}

/** How near the marked file is to the original. Throws `input` where the two cannot be compared. */
export async function likened(original: Uint8Array, marked: Uint8Array, medium: Medium): Promise<Quality> {
  const bench = await benchOf(medium)
  return bench.likened(await bench.read(original), await bench.read(marked))
}

/** The file after a change, in plain form. */
export async function changed(bytes: Uint8Array, request: ChangeRequest): Promise<Uint8Array> {
  const bench = await benchOf(request.medium)
  return bench.write(await change(bench, bytes, request))
}

/** What our own detector reads after a change. */
export async function found(
  bytes: Uint8Array,
  request: ChangeRequest & { key: Uint8Array },
): Promise<Finding> {
  const bench = await benchOf(request.medium)
  const mark = await bench.detect(await change(bench, bytes, request), request.key)
  return mark ? { found: true, id: mark.contentId, bitErrors: mark.bitErrors } : { found: false }
}

/** What came of one attempt of a scheme: whether the attacker reached the aim, and whether a mark was read at all. */
export type Attempted = { succeeded: boolean; read: boolean }

/**
 * A forgery succeeds where a mark is read and the register's fingerprint does not tell that it belongs to another file;
 * a removal where none of the marks put in is read.
 */
export async function attempted(
  files: readonly Uint8Array[],
  { medium, attack: name, key }: { medium: Medium; attack: string; key: Uint8Array },
): Promise<Attempted> {
  const bench = await benchOf(medium)
  const [scheme] = await chosenAttacks(medium, [name])
  if (scheme === undefined || scheme.kind === 'change')
    throw new AvouchError('internal', `${name} is no scheme`)
  const made = new Map<string, Look | Promise<Look>>()
  // one after the other: a process waits for room for one file at a time
  const read: unknown[] = []
  for (const bytes of files) read.push(await bench.read(bytes))
  const result = await scheme.attempt({
    files: read,
    mark(file) {
      const contentId = newContentId()
      const marked = bench.mark(file, { service: 1, contentId }, key)
      if (!(marked instanceof Promise)) {
        made.set(contentId, bench.look(marked))
        return marked
      }
      const looked = marked.then((one) => bench.look(one))
      // whoever waits for the mark is told what went wrong with it
      looked.catch(() => {})
      made.set(contentId, looked)
      return marked
    },
    guess: (file) => bench.mark(file, { service: 1, contentId: newContentId() }, randomBytes(32)),
  })
  const mark = await bench.detect(result, key)
  if (scheme.kind === 'removal')
    return { succeeded: mark === undefined || !made.has(mark.contentId), read: mark !== undefined }
  const registered = mark && (await made.get(mark.contentId))
  if (mark === undefined || registered === undefined)
    return { succeeded: mark !== undefined, read: mark !== undefined }
  const seen = { look: bench.look(result), mark, view: bench.view(result, mark) }
  const likeness = likenessOf(seen, { ...registered, family: medium }, medium)
  return { succeeded: likeness.judgement !== 'other', read: true }
}

async function change(
  bench: Bench,
  bytes: Uint8Array,
  { medium, attack: name, seed }: ChangeRequest,
): Promise<unknown> {
  const [attack] = await chosenAttacks(medium, [name])
  if (attack === undefined || !('apply' in attack))
    throw new AvouchError('internal', `${name} changes no ${medium}`)
  return attack.apply(await bench.read(bytes), random(`${seed}/${name}`))
}
