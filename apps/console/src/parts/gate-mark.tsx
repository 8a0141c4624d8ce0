import { StatusMark } from '@avouch/ui'
import type { Verdict } from '../data.ts'
import { counted } from './words.ts'

/** Whether the gate is open, as shape and words; a hold is named, for it closes the gate by itself. */
export function GateMark({ verdict }: { verdict: Verdict }) {
  if (verdict.ready) return <StatusMark status="met">Open</StatusMark>
  return (
    <StatusMark status="missing">
      {verdict.holds.length > 0 ? 'Closed, held' : `Closed, ${counted(verdict.blockers.length, 'blocker')}`}
    </StatusMark>
  )
}
