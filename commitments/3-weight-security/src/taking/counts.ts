/** What became of the records of a log: every one of them is in exactly one of these. */
export const COUNTS = [
  /** Events and news of people that are taken. */
  'taken',
  'personnel',
  /** Told before, by their id. */
  'repeated',
  /** About something else; of places that hold nothing mapped; changing weights; told by another record too. */
  'other',
  'elsewhere',
  'write',
  'echo',
  /** Of objects beside mapped ones, and of people nobody mapped where weights are not concerned: not taken. */
  'unmappedObjects',
  'unmappedPeople',
  'malformed',
] as const
export type Count = (typeof COUNTS)[number]

/** Names the mapping does not know, by what they stood for. */
export type NameSort = 'principals' | 'objects' | 'people' | 'places'

const MOST_NAMES = 500

/** Counts of one reading, and the names that the mapping does not know, for whoever writes it. */
export class Counts {
  readonly of = Object.fromEntries(COUNTS.map((count) => [count, 0])) as Record<Count, number>
  /** Events that were taken under a name of the log, because the mapping does not know their principal. */
  unmappedPrincipals = 0
  from: number | undefined
  to: number | undefined
  readonly #names = new Map<NameSort, Map<string, number>>()

  get records(): number {
    return COUNTS.reduce((sum, count) => sum + this.of[count], 0)
  }

  /** Of what was taken, only `kept` had not been kept before; so had some news of people. */
  repeated(
    taken: readonly { unmapped: boolean }[],
    kept: readonly { unmapped: boolean }[],
    news: number,
  ): void {
    const unmapped = (events: typeof taken): number => events.filter((event) => event.unmapped).length
    this.of.taken -= taken.length - kept.length
    this.of.personnel -= news
    this.of.repeated += taken.length - kept.length + news
    this.unmappedPrincipals -= unmapped(taken) - unmapped(kept)
  }

  /** Adds the counts of another part. */
  add(other: Counts): void {
    for (const count of COUNTS) this.of[count] += other.of[count]
    this.unmappedPrincipals += other.unmappedPrincipals
    for (const at of [other.from, other.to]) if (at !== undefined) this.span(at)
    for (const [sort, names] of other.#names) for (const [name, count] of names) this.name(sort, name, count)
  }

  span(at: number): void {
    if (this.from === undefined || at < this.from) this.from = at
    if (this.to === undefined || at > this.to) this.to = at
  }

  /** Notes a name that is not mapped; the first five hundred of each sort are kept. */
  name(sort: NameSort, name: string, count = 1): void {
    const names = this.#names.get(sort) ?? new Map<string, number>()
    this.#names.set(sort, names)
    if (names.has(name) || names.size < MOST_NAMES) names.set(name, (names.get(name) ?? 0) + count)
  }

  /** The commonest of them. */
  names(
    sort: 'principals' | 'objects' | 'people' | 'places',
    most: number,
  ): { name: string; count: number }[] {
    return [...(this.#names.get(sort) ?? [])]
      .map(([name, count]) => ({ name, count }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
      .slice(0, most)
  }
}
