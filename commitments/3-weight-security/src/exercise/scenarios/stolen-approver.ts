import type { WeightEvent } from '../../event.ts'
import { chosen } from '../chosen.ts'
import { DAY, HOUR, sitting } from '../company.ts'
import { plain } from '../everyday.ts'
import type { Scenario } from '../scenario.ts'

export default {
  name: 'stolen-approver',
  title: 'An approver’s account approves at odd hours, from a new host, in haste',
  plant(company) {
    const { random: source } = company
    const { member, model, day } = chosen(company, 8)
    const approver = company.approvers.find(
      ({ person, changes, joined }) => person !== member.person && !changes && joined === undefined,
    )!
    const events: WeightEvent[] = []
    const nights = 2 + source.below(4)
    const host = `host-${source.below(10_000)}`
    for (let n = 0; n < nights; n++) {
      const at =
        company.start +
        (day + n) * DAY +
        ((approver.from + approver.hours + 6) % 24) * HOUR +
        source.below(HOUR)
      const lease = `taken-${day}-${n}`
      events.push(
        { ...plain(member, at, 'request'), lease },
        { ...plain(approver, at + 15_000 + source.below(30_000), 'approve'), lease, host },
        { ...plain(approver, at + 60_000 + source.below(30_000), 'approve'), lease, host },
      )
      events.push(
        ...sitting(source, member, at + 120_000, {
          model,
          from: (n * model.segments) / nights,
          to: ((n + 1) * model.segments) / nights - 1,
          lease,
          pieces: 8,
        }),
      )
    }
    return {
      events,
      personnel: [],
      people: [approver.person, member.person],
      start: Date.parse(events[0]!.time),
      end: Date.parse(events.at(-1)!.time),
      model: model.name,
    }
  },
} satisfies Scenario
