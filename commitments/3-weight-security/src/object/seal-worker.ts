import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { type BlobUpload, openBlobParts } from '@avouch/core/blob'
import type { BlobConfig } from '@avouch/core/config'
import { AvouchError } from '@avouch/core/errors'
import { Floe } from '../floe/floe.ts'
import { HEADER_BYTES, type Layout, layoutOf } from '../floe/parameters.ts'
import { parametersOf } from './object.ts'
import { releaseAll } from './release.ts'
import { claimPart, type Ring, slotOf } from './ring.ts'
import { readSource, type Source } from './source.ts'
import { packError, type ThreadError } from './thread-error.ts'

/** What a thread that seals is told. */
export type SealTask = {
  blobs: BlobConfig
  blob: string
  upload: string
  source: Source
  key: Uint8Array
  aad: Uint8Array
  header: Uint8Array
  segmentBytes: number
  partSegments: number
  ring: Ring
  /** Whether an earlier process may have written parts already. */
  resumed: boolean
  /** SHA-256 of the plaintext of parts that are written, where the store does not show them; else undefined. */
  done: Map<number, Uint8Array> | undefined
}

/** What it answers, part by part. `digest` and `tag` only where the store does not show parts before the end. */
export type SealAnswer =
  | { part: number; tag: string; digest: Uint8Array | undefined; kept: boolean }
  | { error: ThreadError }

type Work = SealTask & { floe: Floe; layout: Layout; parts: number; to: BlobUpload }

if (parentPort) {
  const port = parentPort
  const answer = (message: SealAnswer): void => port.postMessage(message)
  try {
    const task = workerData as SealTask
    const parameters = parametersOf(task.segmentBytes)
    const layout = layoutOf(parameters, task.source.size)
    const to = await openBlobParts(task.blobs).open(task.blob, task.upload)
    const floe = Floe.open(task.key, task.aad, task.header, parameters)
    const work = { ...task, floe, layout, parts: Math.ceil(layout.segments / task.partSegments), to }
    try {
      for (let part = claim(work); part !== undefined; part = claim(work)) answer(await sealPart(work, part))
    } finally {
      await to.close()
    }
  } catch (error) {
    answer({ error: packError(error) })
  }
}

function claim({ ring, parts, partSegments }: Work): number | undefined {
  return claimPart(ring, parts, partSegments)
}

async function sealPart(work: Work, part: number): Promise<Exclude<SealAnswer, { error: ThreadError }>> {
  const { floe, source, layout, partSegments, to, ring } = work
  const first = part * partSegments
  const end = Math.min(layout.segments, first + partSegments)
  const plain: Buffer[] = []
  for (let segment = first; segment < end; segment++) {
    const { plainOffset, plainLength } = layout.at(segment)
    const slot = slotOf(ring, segment, plainLength)
    readSource(source, slot, plainOffset)
    plain.push(slot)
  }
  const digest = work.done && digestOf(plain)
  if (work.resumed && (await stands(work, part, plain, digest))) return { part, tag: '', digest, kept: true }
  const pieces: Buffer[] = part === 0 ? [Buffer.from(work.header)] : []
  for (const [n, slot] of plain.entries())
    pieces.push(...floe.encryptPieces(slot, first + n, first + n === layout.segments - 1))
  const tag = await to.write({ part, offset: part === 0 ? 0 : layout.at(first).offset }, pieces)
  releaseAll(pieces)
  return { part, tag, digest, kept: false }
}

/**
 * Whether an earlier process has written this part, of this very plaintext: it opens to it, or, where a store shows
 * nothing before the end, it was noted as done with this digest.
 */
async function stands(
  { floe, header, layout, partSegments, to, done }: Work,
  part: number,
  plain: readonly Buffer[],
  digest: Buffer | undefined,
): Promise<boolean> {
  if (to.read === undefined) {
    const noted = done?.get(part)
    return noted !== undefined && digest !== undefined && Buffer.compare(noted, digest) === 0
  }
  if (part === 0) {
    const written = Buffer.alloc(HEADER_BYTES)
    if ((await to.read(written, 0)) !== HEADER_BYTES || Buffer.compare(written, header) !== 0) return false
  }
  for (const [n, slot] of plain.entries()) {
    const segment = part * partSegments + n
    const { offset, length, final } = layout.at(segment)
    const sealed = Buffer.allocUnsafe(length)
    if ((await to.read(sealed, offset)) !== length) return false
    try {
      if (!isOf(floe.decryptPieces(sealed, segment, final), slot)) return false
    } catch (error) {
      if (error instanceof AvouchError && error.code === 'proof') return false
      throw error
    } finally {
      releaseAll([sealed])
    }
  }
  return true
}

/** Whether the pieces, one after the other, are these bytes. They are used up. */
function isOf(pieces: readonly Buffer[], bytes: Buffer): boolean {
  let at = 0
  let same = true
  for (const piece of pieces) {
    same &&= Buffer.compare(piece, bytes.subarray(at, at + piece.length)) === 0
    at += piece.length
  }
  releaseAll(pieces)
  return same && at === bytes.length
}

function digestOf(plain: readonly Buffer[]): Buffer {
  const hash = createHash('sha256')
  for (const one of plain) hash.update(one)
  return hash.digest()
}
