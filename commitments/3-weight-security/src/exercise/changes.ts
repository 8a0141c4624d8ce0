import type { PersonnelEvent } from '../event.ts'
import { type Company, DAY, HOUR, iso, type Member } from './company.ts'

/** Something that changes in how somebody works, and has nothing to do with theft. */
export type Change = {
  /** The day of the calendar from which it holds. */
  day: number
  member: Member
  /** How they work from then on; undefined where they are gone. */
  after: Partial<Member> | undefined
}

/** Days between notice and the last day of work. */
const NOTICE = 20

/**
 * What also changes in a company of some months: people give notice and work on as before until they leave, change
 * role and model, get another machine, or another project. Whoever changes is chosen for no scenario.
 */
export function changesIn({ members, models, start, days, random: source }: Company): {
  changes: Change[]
  personnel: PersonnelEvent[]
} {
  const changes: Change[] = []
  const personnel: PersonnelEvent[] = []
  const roles = [...new Set(members.map(({ role }) => role))]
  const pick = <T>(list: readonly T[]): T => list[source.below(list.length)]!
  for (const member of members) {
    if (!member.person.startsWith('person') || member.joined !== undefined) continue
    const chance = source.uniform()
    const day = 10 + source.below(Math.max(1, days - 10))
    const at = iso(start + day * DAY + 9 * HOUR)
    if (chance < 0.04) {
      personnel.push({ time: at, person: member.person, event: 'notice' })
      if (day + NOTICE < days) {
        const left = iso(start + (day + NOTICE) * DAY)
        personnel.push({ time: left, person: member.person, event: 'leave' })
        changes.push({ day: day + NOTICE, member, after: undefined })
      } else changes.push({ day: days, member, after: undefined })
    } else if (chance < 0.08) {
      const role = pick(roles)
      personnel.push({ time: at, person: member.person, event: 'role-change', role, team: member.team })
      changes.push({ day, member, after: { role, models: [pick(models)] } })
    } else if (chance < 0.16) changes.push({ day, member, after: { hosts: [`desk-${member.person}-new`] } })
    else if (chance < 0.24)
      changes.push({ day, member, after: { models: [...new Set([...member.models, pick(models)])] } })
  }
  return { changes, personnel }
}

/** How somebody works on a day; undefined once they have left. */
export function stateOn(day: number, member: Member, change: Change | undefined): Member | undefined {
  if (change === undefined || day < change.day) return member
  return change.after === undefined ? undefined : { ...member, ...change.after }
}
