/**
 * Chance that all of `k` tries succeed, from `successes` in `n` tries: C(successes, k) / C(n, k), unbiased for p^k
 * (pass^k). Throws where k is more than n: what was not tried often enough cannot be known.
 */
export function allOfK(successes: number, n: number, k: number): number {
  check(successes, n, k)
  let chance = 1
  for (let i = 0; i < k; i++) chance *= Math.max(0, successes - i) / (n - i)
  return chance
}

/**
 * Chance that at least one of `k` tries succeeds: 1 − C(n − successes, k) / C(n, k), unbiased for 1 − (1 − p)^k
 * (pass@k, Chen et al. 2021; for attacks, best of k).
 */
export function bestOfK(successes: number, n: number, k: number): number {
  check(successes, n, k)
  return 1 - allOfK(n - successes, n, k)
}

function check(successes: number, n: number, k: number): void {
  const whole = Number.isInteger(successes) && Number.isInteger(n) && Number.isInteger(k)
  if (!whole || successes < 0 || successes > n || k < 1 || k > n)
    throw new RangeError(
      `needs whole counts with 0 ≤ successes ≤ n and 1 ≤ k ≤ n, not ${successes} of ${n}, k = ${k}`,
    )
}
