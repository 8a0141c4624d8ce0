import type { Evidence } from '../data.ts'

/** How evidence stands, in a word or two. */
export function standing(one: Evidence): string {
  if (one.retractedBy) return 'retracted'
  if (one.supersededBy) return 'superseded'
  if (one.state === 'erased') return 'erased'
  return one.state === 'logged' ? 'stands' : 'waits for the log'
}
