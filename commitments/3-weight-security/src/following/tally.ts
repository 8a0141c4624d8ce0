import type { Mapping } from '../taking/mapping.ts'
import { segmentsOf } from '../taking/places.ts'
import type { TakenEvent } from '../taking/resolve.ts'
import type { Followed } from './evidence.ts'

const MOST_PEOPLE = 100_000
const UNENCRYPTED = /^(none|not applied)$/i

type OfModel = NonNullable<Followed['model']>

/** What was taken of each model in one round. */
export class Tally {
  readonly #models = new Map<string, { figures: OfModel; people: Set<string>; workloads: Set<string> }>()

  constructor({ models }: Mapping) {
    for (const model of models)
      this.#models.set(model.model, {
        figures: {
          objects: model.objects.length,
          unsized: model.objects.filter(({ bytes }) => bytes === undefined).length,
          segments: segmentsOf(model) ?? null,
          keys: model.keys.length,
          events: 0,
          reads: { range: 0, whole: 0, part: 0, untold: 0, key: 0 },
          ...{ refused: 0, encrypted: 0, unencrypted: 0, people: 0, workloads: 0, unmapped: 0 },
          ...{ withoutRole: 0, outside: 0, exports: 0 },
        },
        people: new Set(),
        workloads: new Set(),
      })
  }

  add({ event, told, encryption, unmapped, workload }: TakenEvent): void {
    const of = event.model === undefined ? undefined : this.#models.get(event.model)
    if (!of) return
    const { figures } = of
    figures.events++
    if (told) figures.reads[told]++
    if (event.outcome === 'denied') figures.refused++
    if (encryption !== undefined) figures[UNENCRYPTED.test(encryption) ? 'unencrypted' : 'encrypted']++
    if (unmapped) figures.unmapped++
    else if (event.role === undefined) figures.withoutRole++
    if (told && event.environment === undefined) figures.outside++
    if (told && event.action === 'export') figures.exports++
    const who = workload ? of.workloads : of.people
    if (who.size < MOST_PEOPLE) who.add(event.person)
  }

  of(model: string): OfModel {
    const { figures, people, workloads } = this.#models.get(model)!
    return { ...figures, people: people.size, workloads: workloads.size }
  }
}
