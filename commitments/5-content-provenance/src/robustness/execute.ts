import { availableParallelism } from 'node:os'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { Change, Scheme } from '../attack/attack.ts'
import { readGiven } from '../commands/given.ts'
import { inContentProcessFor } from '../process/content-process.ts'
import type { GivenFile } from './files.ts'
import type { Intent } from './intent.ts'
import type { Journal } from './journal.ts'
import { wordsOf } from './medium.ts'
import type { System } from './system.ts'
import type { Outcome } from './tally.ts'
import type { Finding } from './work.ts'

/** Files worked on at a time, so that memory goes with the processes and not with the folder. */
const AT_A_TIME = Math.max(1, Math.min(4, availableParallelism()))

export type Caller = {
  signal: AbortSignal
  onProgress(done: number, total: number, note: string): void
}

/**
 * Does what is intended and not done yet, and keeps each try: marks every file, changes it in every way and looks for the
 * mark, does the same to unmarked files, tries to forge and to remove. Returns when all is done or `signal` says to stop.
 */
export async function execute(
  { log }: Pick<Installation, 'log'>,
  { given, clean, changes, schemes, plan }: Intent,
  { journal, systems, caller }: { journal: Journal; systems: readonly System[]; caller: Caller },
): Promise<void> {
  const { signal } = caller
  const { seed, medium = 'picture' } = plan
  const { most, seconds } = wordsOf(medium)
  const runnable = changes.filter((change): change is Change => 'apply' in change)
  const attempts = schemes.flatMap(({ scheme, planned }) =>
    Array.from({ length: planned }, (_, at) => ({ scheme, at })),
  )
  const total = systems.length * runnable.length * (given.length + clean.length) + attempts.length
  let done = 0
  const step = (note: string, by = 1): void => {
    done += by
    caller.onProgress(Math.min(done, total), total, note)
  }
  const failed = (error: unknown, what: string): 'errored' => {
    // the address and name of a file are the asker's business, and an error may quote them
    const code = error instanceof AvouchError ? error.code : 'internal'
    log.warn({ code, what }, 'a try could not be carried out')
    return 'errored'
  }

  async function tryChanges(file: GivenFile, number: number, system: System, mark: boolean): Promise<void> {
    const row = { system: system.name, size: file.size, file: number, marked: mark }
    const judging = `${system.name}/${number}`
    const of = (change: string): string => `${judging}/${mark ? 'marked' : 'unmarked'}/${change}`
    const left = runnable.filter(({ name }) => !journal.has(of(name)))
    if (left.length < runnable.length) step('', runnable.length - left.length)
    const isRefused = journal.judged.some(
      (one) => one.result === 'refused' && one.system === system.name && one.file === number,
    )
    if (mark && isRefused) return step('', left.length)
    if (left.length === 0) return
    let bytes: Uint8Array | undefined
    let id: string | undefined
    try {
      const { plain } = await inContentProcessFor(
        seconds,
        'prepared',
        await readGiven(file.path, most),
        medium,
      )
      bytes = plain
      if (mark) {
        const marking = await system.mark(plain, signal)
        if ('refused' in marking) {
          await journal.keep(judging, { judged: { ...row, result: 'refused' } })
          return step('', left.length)
        }
        const quality = await inContentProcessFor(seconds, 'likened', plain, marking.bytes, medium)
        bytes = marking.bytes
        id = marking.id ?? (await system.find(bytes, { medium, attack: 'none', seed }, signal)).id
        await journal.keep(judging, { judged: { ...row, result: 'marked', quality } })
      }
    } catch (error) {
      if (signal.aborted) return
      if (mark) await journal.keep(judging, { judged: { ...row, result: failed(error, 'marking') } })
      for (const { name } of left)
        await journal.keep(of(name), { outcome: { ...row, change: name, result: failed(error, name) } })
      return step('', left.length)
    }
    for (const { name } of left) {
      if (signal.aborted) return
      const seeded = { medium, attack: name, seed: `${seed}/${file.sha256}` }
      const outcome = await system.find(bytes, seeded, signal).then(
        (finding) => ({ result: resultOf(finding, id, mark), bitErrors: finding.bitErrors }),
        (error: unknown) => (signal.aborted ? undefined : { result: failed(error, name) }),
      )
      if (outcome) await journal.keep(of(name), { outcome: { ...row, change: name, ...outcome } })
      step(name)
    }
  }

  async function tryScheme(scheme: Scheme, at: number): Promise<void> {
    const name = `scheme/${scheme.name}/${at}`
    if (journal.has(name)) return step('')
    const own = given.slice(at * scheme.files, (at + 1) * scheme.files)
    const result = await Promise.all(own.map(({ path }) => readGiven(path, most)))
      .then((bytes) =>
        inContentProcessFor(seconds, 'attempted', bytes, { medium, attack: scheme.name, key: journal.key }),
      )
      .catch((error: unknown) => (signal.aborted ? undefined : failed(error, scheme.name)))
    if (result) await journal.keep(name, { attempt: { scheme: scheme.name, result } })
    step(scheme.name)
  }

  const work = [
    ...systems.flatMap((system) => [
      ...given.map((file, at) => () => tryChanges(file, at, system, true)),
      ...clean.map((file, at) => () => tryChanges(file, at, system, false)),
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
}

function resultOf({ found, id }: Finding, expected: string | undefined, marked: boolean): Outcome['result'] {
  if (!found) return 'lost'
  return marked && (expected === undefined || id === expected) ? 'found' : 'misread'
}
