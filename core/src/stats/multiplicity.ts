/**
 * Holm's step-down adjustment (1979): p values that control the chance of any false alarm, in the order given.
 * Holds under any dependence. Throws where a p is no probability.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = ascending(pValues)
  const adjusted = new Array<number>(pValues.length)
  let largest = 0
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[index]!))
    adjusted[index] = largest
  })
  return adjusted
}

/**
 * Benjamini and Hochberg's step-up adjustment (1995): p values that control the expected share of false alarms
 * among those raised, for tests that are independent or positively dependent; in the order given.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const order = ascending(pValues)
  const adjusted = new Array<number>(pValues.length)
  let smallest = 1
  for (let rank = order.length - 1; rank >= 0; rank--) {
    const index = order[rank]!
    smallest = Math.min(smallest, (pValues.length / (rank + 1)) * pValues[index]!)
    adjusted[index] = smallest
  }
  return adjusted
}

/** Positions from the smallest p to the largest. */
function ascending(pValues: readonly number[]): number[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) throw new RangeError(`${p} is no p value`)
  return pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!)
}
