import type { WeightEvent } from '../../event.ts'
import { chosen } from '../chosen.ts'
import { DAY, sitting, weekday } from '../company.ts'
import { momentIn } from '../everyday.ts'
import type { Scenario } from '../scenario.ts'

export default {
  name: 'two-who-split',
  title: 'Two people read one half of a model each',
  plant(company) {
    const { random: source } = company
    const { member, model, day } = chosen(company, 25)
    const other =
      company.members.find(
        ({ person, team, joined, changes }) =>
          person.startsWith('person') &&
          person !== member.person &&
          team === member.team &&
          joined === undefined &&
          !changes,
      ) ??
      company.members.find(
        ({ person, changes }) => person.startsWith('person') && person !== member.person && !changes,
      )!
    const events: WeightEvent[] = []
    const length = Math.min(company.days - day - 2, 20)
    const half = Math.ceil(model.segments / 2)
    const each = Math.max(1, Math.ceil(half / (length * 0.7)))
    for (const [n, one] of [member, other].entries()) {
      let next = n * half
      for (let d = 0; d < length && next < (n + 1) * half; d++) {
        const midnight = company.start + (day + d) * DAY
        if (!one.days.includes(weekday(midnight))) continue
        events.push(
          ...sitting(source, one, momentIn(source, one, midnight), {
            model,
            from: next,
            to: Math.min((n + 1) * half, next + each) - 1,
          }),
        )
        next += each
      }
    }
    events.sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
    return {
      events,
      personnel: [],
      people: [member.person, other.person],
      start: Date.parse(events[0]!.time),
      end: Date.parse(events.at(-1)!.time),
      model: model.name,
    }
  },
} satisfies Scenario
