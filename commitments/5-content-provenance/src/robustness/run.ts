import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { AvouchError } from '@avouch/core/errors'
import { uuidv7 } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import type { Change, NotRun, Scheme } from '../attack/attack.ts'
import { chosenAttacks, loadAttacks, possibleAttacks } from '../attack/attacks.ts'
import { readGiven } from '../commands/given.ts'
import { inThread } from '../thread/thread.ts'
import {
  type QualityRow,
  type RobustnessPlan,
  type Row,
  robustnessPlan,
  robustnessResult,
  type SchemeRow,
} from './evidence.ts'
import { countSizes, type GivenFile, listFiles } from './files.ts'
import { type Medium, wordsOf } from './medium.ts'
import { ownSystem, type System } from './system.ts'
import { type Judged, type Outcome, qualityRows, rowsOf, schemeRows, type Try } from './tally.ts'
import type { Finding } from './work.ts'

export type RobustnessOptions = {
  medium: Medium
  /** Where the files are. */
  folder: string
  /** Files without a mark; the same ones, before they are marked, where none are given. */
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

/** Files worked on at a time, so that memory goes with the threads and not with the folder. */
const AT_A_TIME = Math.max(1, Math.min(4, availableParallelism()))

/**
 * Logs the plan, marks every file under a key drawn for it, changes it in every way and looks for the mark, does the same
 * to unmarked files, tries to forge and to remove, and records what came of it. Stopped by `signal`, it records what was
 * executed until then. Throws `input` or `usage` before anything is logged.
 */
export async function tryRobustness(
  installation: Installation,
  options: RobustnessOptions,
  caller: { signal: AbortSignal; onProgress(done: number, total: number, note: string): void },
): Promise<RobustnessRun> {
  const { signal } = caller
  const { medium, seed } = options
  const { algorithm, attacks: rules, one, many, most } = wordsOf(medium)
  const attacks = await possibleAttacks(await chosenAttacks(medium, options.attacks))
  const changes = attacks.filter((attack): attack is Change | NotRun => attack.kind === 'change')
  const runnable = changes.filter((change): change is Change => 'apply' in change)
  const listing = { medium, limit: options.limit, seed, signal }
  const given = await listFiles(options.folder, listing)
  const clean = options.unmarked === undefined ? given : await listFiles(options.unmarked, listing)
  if (signal.aborted) throw new AvouchError('usage', 'it was stopped before anything was planned')
  const schemes = attacks
    .filter((attack): attack is Scheme => attack.kind !== 'change')
    .map((scheme) => {
      const planned = Math.floor(given.files.length / scheme.files)
      return {
        scheme,
        planned,
        notRun: planned > 0 ? null : `one attempt takes ${scheme.files} ${scheme.files === 1 ? one : many}`,
      }
    })
  const key = new Uint8Array(randomBytes(32))
  const systems = [ownSystem(key), ...(options.rival ? [options.rival] : [])]
  const plan: RobustnessPlan = {
    exercise: uuidv7(installation.now()),
    medium,
    algorithm,
    attacks: rules,
    changes: changes.map(({ name }) => name),
    schemes: schemes.map(({ scheme }) => scheme.name),
    whole: attacks.length === (await loadAttacks(medium)).length,
    systems: systems.map(({ name }) => name),
    seed,
    pictures: given.digest,
    unmarked: clean.digest,
    sizes: countSizes(medium, given.files),
    unmarkedSizes: countSizes(medium, clean.files),
    unreadable: given.unreadable + (clean === given ? 0 : clean.unreadable),
  }
  const planned = await installation.evidence.append({ type: robustnessPlan, fields: plan, about: {} })

  const outcomes: Outcome[] = []
  const judged: Judged[] = []
  const tries: Try[] = []
  const attempts = schemes.flatMap(({ scheme, planned: times }) =>
    Array.from({ length: times }, (_, at) => ({ scheme, at })),
  )
  const total = systems.length * runnable.length * (given.files.length + clean.files.length) + attempts.length
  let done = 0
  const step = (note: string, by = 1): void => {
    done += by
    caller.onProgress(Math.min(done, total), total, note)
  }
  const failed = (error: unknown, what: string): 'errored' => {
    // the address and name of a file are the asker's business, and an error may quote them
    const code = error instanceof AvouchError ? error.code : 'internal'
    installation.log.warn({ code, what }, 'a try could not be carried out')
    return 'errored'
  }

  async function tryChanges(file: GivenFile, number: number, system: System, mark: boolean): Promise<void> {
    const row = { system: system.name, size: file.size, file: number, marked: mark }
    let bytes: Uint8Array | undefined
    let id: string | undefined
    try {
      const { plain } = await inThread('prepared', await readGiven(file.path, most), medium)
      bytes = plain
      if (mark) {
        const marking = await system.mark(plain, signal)
        if ('refused' in marking) {
          judged.push({ ...row, result: 'refused' })
          return step('', runnable.length)
        }
        const quality = await inThread('likened', plain, marking.bytes, medium)
        bytes = marking.bytes
        id = marking.id ?? (await system.find(bytes, { medium, attack: 'none', seed }, signal)).id
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
      const seeded = { medium, attack: name, seed: `${seed}/${file.sha256}` }
      const outcome = await system.find(bytes, seeded, signal).then(
        (finding) => ({ result: resultOf(finding, id, mark), bitErrors: finding.bitErrors }),
        (error: unknown) => (signal.aborted ? undefined : { result: failed(error, name) }),
      )
      if (outcome) outcomes.push({ ...row, change: name, ...outcome })
      step(name)
    }
  }

  async function tryScheme(scheme: Scheme, at: number): Promise<void> {
    const own = given.files.slice(at * scheme.files, (at + 1) * scheme.files)
    try {
      const bytes = await Promise.all(own.map(({ path }) => readGiven(path, most)))
      tries.push({
        scheme: scheme.name,
        result: await inThread('attempted', bytes, { medium, attack: scheme.name, key }),
      })
    } catch (error) {
      if (!signal.aborted) tries.push({ scheme: scheme.name, result: failed(error, scheme.name) })
    }
    step(scheme.name)
  }

  const work = [
    ...systems.flatMap((system) => [
      ...given.files.map((file, at) => () => tryChanges(file, at, system, true)),
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
  const shape = { ...plan, medium, changes }
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
