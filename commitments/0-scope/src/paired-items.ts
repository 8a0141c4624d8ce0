import type { Random } from '@avouch/core/stats'
import type { Observation } from './response-model.ts'
import type { ItemAnswers } from './scores.ts'

/** The items of one benchmark that two models were both asked, and the observations their answers sum up to. */
export type PairedItems = {
  benchmark: number
  own: Observation
  other: Observation
  /** 1 where right, one place an item, the same item in both. */
  ownRight: Uint8Array
  otherRight: Uint8Array
}

/**
 * Pairs two models' answers on one benchmark. The two observations are changed to the share of the common items
 * answered rightly, so that both are measured on the very same items. Undefined where no item is common.
 */
export function pairItems(
  answers: ItemAnswers,
  models: { own: string; other: string },
  observations: { own: Observation; other: Observation },
): PairedItems | undefined {
  const own = answers.right.get(models.own) ?? []
  const other = answers.right.get(models.other) ?? []
  const common = answers.items.flatMap((_, i) => (own[i] === undefined || other[i] === undefined ? [] : [i]))
  if (common.length === 0) return undefined
  const paired: PairedItems = {
    benchmark: observations.own.benchmark,
    ...observations,
    ownRight: Uint8Array.from(common, (i) => own[i]!),
    otherRight: Uint8Array.from(common, (i) => other[i]!),
  }
  settle(paired)
  return paired
}

/** Sets both observations to a new draw of the items, with replacement, the same items for both. */
export function redraw({ own, other, ownRight, otherRight }: PairedItems, source: Random): void {
  const size = ownRight.length
  let ownSum = 0
  let otherSum = 0
  for (let i = 0; i < size; i++) {
    const drawn = source.below(size)
    ownSum += ownRight[drawn]!
    otherSum += otherRight[drawn]!
  }
  own.score = ownSum / size
  other.score = otherSum / size
}

/** Sets both observations to what was really answered. */
export function settle({ own, other, ownRight, otherRight }: PairedItems): void {
  const size = ownRight.length
  own.score = ownRight.reduce((sum, right) => sum + right, 0) / size
  other.score = otherRight.reduce((sum, right) => sum + right, 0) / size
}
