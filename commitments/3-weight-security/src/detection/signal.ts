/** What a signal is about; one group's signals tell the same story and count once. */
export const GROUPS = [
  'hours',
  'volume',
  'anew',
  'host',
  'sink',
  'environment',
  'model',
  'sequence',
  'refusals',
  'drift',
  'coverage',
  'continuation',
  'union',
  'border',
  'approval',
  'personnel',
  'bait',
] as const
export type Group = (typeof GROUPS)[number]

/** Something unusual: how unlikely it would be without a cause, and in words with its figures. */
export type Signal = {
  group: Group
  p: number
  /** Made only where somebody will read it. */
  why: () => string
}

/** How surprising, in powers of ten: 3 is one in a thousand. At most 9. */
export function surprise(p: number): number {
  return Math.min(9, Math.max(0, -Math.log10(Math.max(p, 1e-12))))
}

/** P(X ≥ k) for X ~ Poisson(mean). */
export function poissonTail(k: number, mean: number): number {
  if (k <= 0) return 1
  let term = Math.exp(-mean)
  let below = term
  for (let i = 1; i < k; i++) {
    term *= mean / i
    below += term
    if (i > mean && term < 1e-16) break
  }
  // far out the difference above drowns in rounding: the first term of the tail is then nearly all of it
  if (1 - below < 1e-10) return Math.exp(k * Math.log(mean) - mean - logFactorial(k))
  return Math.max(1e-12, 1 - below)
}

/** P(X ≥ k) for X ~ Binomial(n, p), by its Chernoff bound where k is above the mean; 1 below it. */
export function binomialTail(k: number, n: number, p: number): number {
  if (n === 0 || k <= n * p) return 1
  const share = k / n
  const part = (a: number, b: number): number => (a === 0 ? 0 : a * Math.log(a / b))
  return Math.exp(-n * (part(share, p) + part(1 - share, 1 - p)))
}

function logFactorial(k: number): number {
  let sum = 0
  for (let i = 2; i <= Math.min(k, 30); i++) sum += Math.log(i)
  return k <= 30 ? sum : k * Math.log(k) - k + 0.5 * Math.log(2 * Math.PI * k)
}

/** `1.5 GB`, for reasons and pages. */
export function inBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value >= 100 || unit === 0 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`
}

/** `37 %` */
export function inPercent(share: number): string {
  return `${share < 0.1 ? (100 * share).toFixed(1) : (100 * share).toFixed(0)} %`
}
