import type { Timed } from './ordered.ts'

const TEXTS = [
  'person',
  'action',
  'model',
  'lease',
  'host',
  'sink',
  'subject',
  'outcome',
  'environment',
  'role',
  'team',
] as const

/**
 * An order over everything events say, their time first: what arrives in another order is judged in this one. 0 means
 * that they agree in all of it: one event, told twice.
 */
export function compareEvents(a: Timed, b: Timed): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.person !== b.person) return a.person < b.person ? -1 : 1
  const from = (a.segments?.[0] ?? -1) - (b.segments?.[0] ?? -1)
  if (from !== 0) return from
  const to = (a.segments?.[1] ?? -1) - (b.segments?.[1] ?? -1)
  if (to !== 0) return to
  const bytes = (a.bytes ?? -1) - (b.bytes ?? -1)
  if (bytes !== 0) return bytes
  for (const field of TEXTS) {
    const [left, right] = [a[field] ?? '', b[field] ?? '']
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}
