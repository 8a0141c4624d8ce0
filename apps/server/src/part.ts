/**
 * What a server process offers: `portal` is all that is public, `console` the inside with its API, `weights` the API of
 * weight security alone, `worker` the queue's work and the daily checkpoint.
 */
export type Part = 'portal' | 'console' | 'weights' | 'worker'

export const PARTS: readonly Part[] = ['portal', 'console', 'weights', 'worker']

/** The commitment that `weights` serves. */
export const WEIGHTS = 'weight-security'
