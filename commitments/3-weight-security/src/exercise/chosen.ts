import type { Company, Member, Model } from './company.ts'

/** Somebody for a scenario that takes `length` days, one of the models, and the day it begins. */
export function chosen(company: Company, length: number): { member: Member; model: Model; day: number } {
  const { members, models, days, random: source } = company
  const people = members.filter(
    ({ person, joined, role, changes }) =>
      person.startsWith('person') && joined === undefined && !changes && role !== 'evaluation',
  )
  const member = people[source.below(people.length)]!
  const model =
    source.uniform() < 0.7
      ? member.models[source.below(member.models.length)]!
      : models[source.below(models.length)]!
  const first = Math.max(21, Math.floor(days / 3))
  return { member, model, day: first + source.below(Math.max(1, days - first - length - 2)) }
}
