import { type Cluster, clusterRate } from '@avouch/core/stats'
import type { Change, NotRun, Scheme } from '../attack/attack.ts'
import type { Quality } from './bench.ts'
import type { QualityRow, Row, SchemeRow, SystemName } from './evidence.ts'
import { type Measure, type Medium, type Size, sizesOf } from './medium.ts'

/** One file of a size under one change: `found`, `accepted` where a mark was read that is not in it, `errored`. */
export type Outcome = {
  system: SystemName
  size: Size
  /** Which file, a number: it is the cluster. */
  file: number
  change: string
  marked: boolean
  result: 'found' | 'lost' | 'misread' | 'errored'
  bitErrors?: number | undefined
}
export type Judged = {
  system: SystemName
  size: Size
  file: number
  result: 'marked' | 'refused' | 'errored'
  quality?: Quality
}
export type Try = { scheme: string; result: { succeeded: boolean; read: boolean } | 'errored' }

type Numbers = Partial<Record<Size, number>>

type Planned = {
  medium: Medium
  systems: readonly SystemName[]
  changes: readonly (Change | NotRun)[]
  sizes: Numbers
  unmarkedSizes: Numbers
}

/** A row for each system, change and size that there are files of, and for all changes that marks are to survive. Pure. */
export function rowsOf(outcomes: readonly Outcome[], plan: Planned): Row[] {
  const sizes = [
    ...sizesOf(plan.medium).filter(
      (size) => numberOf(plan.sizes, size) + numberOf(plan.unmarkedSizes, size) > 0,
    ),
    'all' as const,
  ]
  const hoped = plan.changes.filter((change) => change.expected === 'survives' && !('notRun' in change))
  const groups = [
    ...plan.changes.map((change) => ({
      name: change.name,
      expected: change.expected,
      changes: [change.name],
      notRun: 'notRun' in change ? change.notRun : null,
    })),
    { name: 'expected', expected: 'survives' as const, changes: hoped.map(({ name }) => name), notRun: null },
  ]
  return plan.systems.flatMap((system) =>
    sizes.flatMap((size) =>
      groups.map((group): Row => {
        const own = outcomes.filter(
          (one) =>
            one.system === system &&
            (size === 'all' || one.size === size) &&
            group.changes.includes(one.change),
        )
        const [marked, unmarked] = [own.filter((one) => one.marked), own.filter((one) => !one.marked)]
        const planned = (files: Numbers): number =>
          group.notRun === null ? group.changes.length * numberOf(files, size) : 0
        const errors = marked.flatMap(({ result, bitErrors }) =>
          result === 'found' && bitErrors !== undefined ? [bitErrors] : [],
        )
        return {
          system,
          change: group.name,
          size,
          expected: group.expected,
          notRun: group.notRun,
          marked: {
            ...tried(marked, 'found', planned(plan.sizes)),
            found: numberWith(marked, 'found'),
            bitErrors: mean(errors),
          },
          misread: numberWith(own, 'misread'),
          unmarked: {
            ...tried(unmarked, 'misread', planned(plan.unmarkedSizes)),
            accepted: numberWith(unmarked, 'misread'),
          },
        }
      }),
    ),
  )
}

export function qualityRows(judged: readonly Judged[], plan: Planned): QualityRow[] {
  return plan.systems.flatMap((system) =>
    [...sizesOf(plan.medium).filter((size) => numberOf(plan.sizes, size) > 0), 'all' as const].map(
      (size): QualityRow => {
        const own = judged.filter((one) => one.system === system && (size === 'all' || one.size === size))
        const qualities = own.flatMap(({ quality }) => quality ?? [])
        const of = (which: Measure): { mean: number; least: number } | null => {
          const values = qualities.flatMap((one) => one[which] ?? [])
          return values.length === 0 ? null : { mean: mean(values)!, least: Math.min(...values) }
        }
        const number = (result: Judged['result']): number => own.filter((one) => one.result === result).length
        return {
          system,
          size,
          marked: number('marked'),
          refused: number('refused'),
          errored: number('errored'),
          psnr: of('psnr'),
          ssim: of('ssim'),
          snr: of('snr'),
        }
      },
    ),
  )
}

/** One row for each scheme. Attempts share no file, so each is a cluster. Pure. */
export function schemeRows(
  tries: readonly Try[],
  schemes: readonly { scheme: Scheme; planned: number; notRun: string | null }[],
): SchemeRow[] {
  return schemes.map(({ scheme, planned, notRun }) => {
    const own = tries.filter((one) => one.scheme === scheme.name)
    const done = own.flatMap(({ result }) => (result === 'errored' ? [] : result))
    const succeeded = done.filter((one) => one.succeeded).length
    const counts = squeezed(done.map((one) => [one.succeeded ? 1 : 0, 1]))
    return {
      scheme: scheme.name,
      kind: scheme.kind,
      expected: scheme.expected,
      planned,
      executed: done.length,
      errored: own.length - done.length,
      rate: rateOf(counts),
      counts,
      read: done.filter((one) => one.read).length,
      succeeded,
      notRun,
    }
  })
}

function tried(
  outcomes: readonly Outcome[],
  event: Outcome['result'],
  planned: number,
): Pick<Row['marked'], 'planned' | 'executed' | 'errored' | 'rate' | 'counts'> {
  const files = new Map<number, [events: number, trials: number]>()
  for (const { file, result } of outcomes) {
    if (result === 'errored') continue
    const [events, trials] = files.get(file) ?? [0, 0]
    files.set(file, [events + (result === event ? 1 : 0), trials + 1])
  }
  const counts = squeezed([...files.values()])
  const errored = numberWith(outcomes, 'errored')
  return { planned, executed: outcomes.length - errored, errored, rate: rateOf(counts), counts }
}

type Counts = [events: number, trials: number, times: number][]

/** Clusters with the same counts told once, with how often; in one order whatever order they came in. */
function squeezed(clusters: readonly (readonly [number, number])[]): Counts {
  const times = new Map<string, Counts[number]>()
  for (const [events, trials] of clusters) {
    const known = times.get(`${events}/${trials}`)
    if (known) known[2]++
    else times.set(`${events}/${trials}`, [events, trials, 1])
  }
  return [...times.values()].sort((one, other) => one[1] - other[1] || one[0] - other[0])
}

function rateOf(counts: readonly Cluster[]): Row['marked']['rate'] {
  if (counts.length === 0) return null
  const { value, low, high, level, n, clusters } = clusterRate(counts)
  return { value, low, high, level, n, clusters }
}

function numberOf(files: Numbers, size: Size | 'all'): number {
  return size === 'all' ? Object.values(files).reduce((sum, number) => sum + number, 0) : (files[size] ?? 0)
}

function numberWith(outcomes: readonly Outcome[], result: Outcome['result']): number {
  return outcomes.filter((one) => one.result === result).length
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
