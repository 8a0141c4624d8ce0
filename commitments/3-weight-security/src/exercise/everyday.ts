import type { WeightEvent } from '../event.ts'
import { changesIn, stateOn } from './changes.ts'
import { type Company, DAY, HOUR, iso, type Member, sitting, type Traffic, weekday } from './company.ts'

/**
 * What goes on in the company on any day, and what looks odd and is not: a release week in which all read more, nights
 * on call, evaluation sweeps over whole models, people who join, leave, change role, travel, change their machine, or mistype.
 */
export function everyday(company: Company): Traffic {
  const { members, start, days, random: source } = company
  const events: WeightEvent[] = []
  const personnel: Traffic['personnel'] = []
  const releaseWeek = 30 + source.below(Math.max(1, days - 40))
  const sweepDay = source.below(5)
  const hires = members.filter(({ person }) => person.startsWith('person') && source.uniform() < 0.06)
  for (const hire of hires) {
    hire.joined = start + (10 + source.below(Math.max(1, days - 20))) * DAY
    personnel.push({
      time: iso(hire.joined),
      person: hire.person,
      event: 'joined',
      role: hire.role,
      team: hire.team,
    })
  }
  const { changes, personnel: news } = changesIn(company)
  const changeOf = new Map(changes.map((change) => [change.member, change]))
  for (const { member } of changes) member.changes = true
  personnel.push(...news)
  let lease = 0
  for (let day = 0; day < days; day++) {
    const midnight = start + day * DAY
    const busy = day >= releaseWeek && day < releaseWeek + 6
    for (const someone of members) {
      const member = stateOn(day, someone, changeOf.get(someone))
      if (!member) continue
      if (member.joined !== undefined && midnight < member.joined) continue
      const works = member.days.includes(weekday(midnight)) && source.uniform() > 0.06
      const onCall =
        member.role === 'platform' || member.role === 'serving'
          ? source.uniform() < 0.04
          : source.uniform() < 0.004
      if (!works && !onCall) continue
      const count = works ? poisson(source, member.sittings * (busy ? 2.5 : 1)) : 1
      if (works && source.uniform() < 0.8) {
        const at = momentIn(source, member, midnight)
        events.push(plain(member, at - 60_000, 'login'))
      }
      for (let n = 0; n < count; n++) {
        const at = works ? momentIn(source, member, midnight) : midnight + source.below(24) * HOUR
        const name = `lease-${++lease}`
        if (source.uniform() < 0.3) events.push(...requested(company, member, at, name))
        const model = member.models[source.below(member.models.length)]!
        const share = Math.min(1, 2 ** (member.share + member.spread * source.normal() + (busy ? 1 : 0)))
        const length = Math.max(1, Math.round(share * model.segments))
        const wanders = source.uniform() < 0.3 ? source.uniform() : member.focus + 0.08 * source.normal()
        const from = Math.max(0, Math.min(model.segments - length, Math.floor(wanders * model.segments)))
        const travels = source.uniform() < 0.004
        events.push(
          ...sitting(source, member, at, {
            model,
            from,
            to: from + length - 1,
            lease: name,
            ...(travels && { host: `laptop-${member.person}` }),
            ...(source.uniform() < 0.01 && { sink: `scratch-${source.below(40)}` }),
          }),
        )
        if (source.uniform() < 0.03)
          events.push({ ...plain(member, at + 30_000, 'read'), model: model.name, outcome: 'denied' })
        if (source.uniform() < 0.15) events.push({ ...plain(member, at - 20_000, 'list'), model: model.name })
      }
      if (member.role === 'evaluation' && weekday(midnight) === sweepDay && source.uniform() < 0.8)
        for (const model of member.models)
          events.push(
            ...sitting(source, member, momentIn(source, member, midnight), {
              model,
              from: 0,
              to: model.segments - 1,
              pieces: 12,
            }),
          )
    }
  }
  return { events, personnel }
}

/** A request and its two approvals, within minutes or hours. */
export function requested(company: Company, member: Member, at: number, lease: string): WeightEvent[] {
  const { random: source, approvers } = company
  const others = approvers.filter(({ person, team }) => person !== member.person && team !== member.team)
  const list = others.length >= 2 ? others : approvers
  const first = source.below(list.length)
  const wait = 120_000 * 2 ** (3 * source.uniform())
  return [
    { ...plain(member, at - 2 * wait, 'request'), lease },
    { ...plain(list[first]!, at - wait, 'approve'), lease },
    { ...plain(list[(first + 1) % list.length]!, at - wait / 2, 'approve'), lease },
  ]
}

export function plain(member: Member, at: number, action: WeightEvent['action']): WeightEvent {
  const { person, role, team, hosts, environment } = member
  return { time: iso(at), person, role, team, host: hosts[0]!, environment, action, outcome: 'ok' }
}

export function momentIn(source: Company['random'], { from, hours }: Member, midnight: number): number {
  const share = (source.uniform() + source.uniform()) / 2
  return midnight + ((from + share * hours) % 24) * HOUR + source.below(60_000)
}

function poisson(source: Company['random'], mean: number): number {
  const limit = Math.exp(-mean)
  let product = source.uniform()
  let count = 0
  while (product > limit && count < 200) {
    product *= source.uniform()
    count++
  }
  return count
}
