import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { AvouchError } from '@avouch/core/errors'
import { uuidv7 } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { ATTACKS, type Change, type NotRun, type Scheme } from '../attack/attack.ts'
import { chosenAttacks } from '../attack/attacks.ts'
import { readGiven } from '../commands/given.ts'
import { WATERMARK_ALG } from '../content.ts'
import { inThread } from '../thread/thread.ts'
import {
  type QualityRow,
  type RobustnessPlan,
  type Row,
  robustnessPlan,
  robustnessResult,
  type SchemeRow,
} from './evidence.ts'
import { countSizes, listPictures, type PictureFile } from './pictures.ts'
import { ownSystem, type System } from './system.ts'
import { type Judged, type Outcome, qualityRows, rowsOf, schemeRows, type Try } from './tally.ts'
import type { Finding } from './work.ts'

export type RobustnessOptions = {
  images: string
  /** Files without a mark; the images themselves, before they are marked, where none are given. */
  unmarked: string | undefined
  limit: number
  /** Names; undefined for all. */
  attacks: readonly string[] | undefined
  seed: string
  rival: System | undefined
}

export type RobustnessRun = RobustnessPlan & {
  /** Ids of the evidence of plan and result. */
  plan: string
  result: string
  state: 'completed' | 'abandoned'
  rows: Row[]
  quality: QualityRow[]
  schemesTried: SchemeRow[]
}

/** Pictures worked on at a time, so that memory goes with the threads and not with the folder. */
const AT_A_TIME = Math.max(1, Math.min(4, availableParallelism()))
const MOST = 64 * 2 ** 20

/**
 * Logs the plan, marks every picture under a key drawn for it, changes it in every way and looks for the mark, does the same
 * to unmarked files, tries to forge and to remove, and records what came of it. Stopped by `signal`, it records what was
 * executed until then. Throws `input` or `usage` before anything is logged.
 */
export async function tryRobustness(
  installation: Installation,
  options: RobustnessOptions,
  given: { signal: AbortSignal; onProgress(done: number, total: number, note: string): void },
): Promise<RobustnessRun> {
  const { signal } = given
  const { seed } = options
  const attacks = await chosenAttacks(options.attacks)
  const changes = attacks.filter((attack): attack is Change | NotRun => attack.kind === 'change')
  const runnable = changes.filter((change): change is Change => 'apply' in change)
  const listing = { limit: options.limit, seed, signal }
  const pictures = await listPictures(options.images, listing)
  const clean = options.unmarked === undefined ? pictures : await listPictures(options.unmarked, listing)
  if (signal.aborted) throw new AvouchError('usage', 'it was stopped before anything was planned')
  const schemes = attacks
    .filter((attack): attack is Scheme => attack.kind !== 'change')
    .map((scheme) => {
      const planned = Math.floor(pictures.files.length / scheme.pictures)
      return { scheme, planned, notRun: planned > 0 ? null : `one attempt takes ${scheme.pictures} pictures` }
    })
  const key = new Uint8Array(randomBytes(32))
  const systems = [ownSystem(key), ...(options.rival ? [options.rival] : [])]
  const plan: RobustnessPlan = {
    exercise: uuidv7(installation.now()),
    algorithm: WATERMARK_ALG,
    attacks: ATTACKS,
    changes: changes.map(({ name }) => name),
    schemes: schemes.map(({ scheme }) => scheme.name),
    whole: attacks.length === (await chosenAttacks()).length,
    systems: systems.map(({ name }) => name),
    seed,
    pictures: pictures.digest,
    unmarked: clean.digest,
    sizes: countSizes(pictures.files),
    unmarkedSizes: countSizes(clean.files),
    unreadable: pictures.unreadable + (clean === pictures ? 0 : clean.unreadable),
  }
  const planned = await installation.evidence.append({ type: robustnessPlan, fields: plan, about: {} })

  const outcomes: Outcome[] = []
  const judged: Judged[] = []
  const tries: Try[] = []
  const attempts = schemes.flatMap(({ scheme, planned: times }) =>
    Array.from({ length: times }, (_, at) => ({ scheme, at })),
  )
  const total =
    systems.length * runnable.length * (pictures.files.length + clean.files.length) + attempts.length
  let done = 0
  const step = (note: string, by = 1): void => {
    done += by
    given.onProgress(Math.min(done, total), total, note)
  }
  const failed = (error: unknown, what: string): 'errored' => {
    // the address and name of a file are the asker's business, and an error may quote them
    const code = error instanceof AvouchError ? error.code : 'internal'
    installation.log.warn({ code, what }, 'a try could not be carried out')
    return 'errored'
  }

  async function tryChanges(
    file: PictureFile,
    picture: number,
    system: System,
    mark: boolean,
  ): Promise<void> {
    const row = { system: system.name, size: file.size, picture, marked: mark }
    let bytes: Uint8Array | undefined
    let id: string | undefined
    try {
      const { png } = await inThread('prepared', await readGiven(file.path, MOST))
      bytes = png
      if (mark) {
        const marking = await system.mark(png, signal)
        if ('refused' in marking) {
          judged.push({ ...row, result: 'refused' })
          return step('', runnable.length)
        }
        const quality = await inThread('likened', png, marking.bytes)
        bytes = marking.bytes
        id = marking.id ?? (await system.find(bytes, { attack: 'none', seed }, signal)).id
        judged.push({ ...row, result: 'marked', quality })
      }
    } catch (error) {
      if (signal.aborted) return
      if (mark) judged.push({ ...row, result: failed(error, 'marking') })
      for (const { name } of runnable) outcomes.push({ ...row, change: name, result: failed(error, name) })
      return step('', runnable.length)
    }
    for (const { name } of runnable) {
      if (signal.aborted) return
      const seeded = { attack: name, seed: `${seed}/${file.sha256}` }
      const outcome = await system.find(bytes, seeded, signal).then(
        (finding) => ({ result: resultOf(finding, id, mark), bitErrors: finding.bitErrors }),
        (error: unknown) => (signal.aborted ? undefined : { result: failed(error, name) }),
      )
      if (outcome) outcomes.push({ ...row, change: name, ...outcome })
      step(name)
    }
  }

  async function tryScheme(scheme: Scheme, at: number): Promise<void> {
    const own = pictures.files.slice(at * scheme.pictures, (at + 1) * scheme.pictures)
    try {
      const bytes = await Promise.all(own.map(({ path }) => readGiven(path, MOST)))
      tries.push({
        scheme: scheme.name,
        result: await inThread('attempted', bytes, { attack: scheme.name, key }),
      })
    } catch (error) {
      if (!signal.aborted) tries.push({ scheme: scheme.name, result: failed(error, scheme.name) })
    }
    step(scheme.name)
  }

  const work = [
    ...systems.flatMap((system) => [
      ...pictures.files.map((file, at) => () => tryChanges(file, at, system, true)),
      ...clean.files.map((file, at) => () => tryChanges(file, at, system, false)),
    ]),
    ...attempts.map(
      ({ scheme, at }) =>
        () =>
          tryScheme(scheme, at),
    ),
  ]
  let next = 0
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      while (next < work.length && !signal.aborted) await work[next++]!()
    }),
  )
  const shape = { ...plan, changes }
  const result = {
    state: signal.aborted ? ('abandoned' as const) : ('completed' as const),
    rows: rowsOf(outcomes, shape),
    quality: qualityRows(judged, shape),
    schemesTried: schemeRows(tries, schemes),
  }
  const recorded = await installation.evidence.append({
    type: robustnessResult,
    fields: { ...plan, plan: planned.id, ...result },
    about: {},
  })
  return { ...plan, ...result, plan: planned.id, result: recorded.id }
}

function resultOf({ found, id }: Finding, expected: string | undefined, marked: boolean): Outcome['result'] {
  if (!found) return 'lost'
  return marked && (expected === undefined || id === expected) ? 'found' : 'misread'
}
