/** What held from one moment (included) to another (excluded). */
export type Span<T> = { from: Date; to: Date; value: T }

const EVER = new Date(8.64e15)

/**
 * Changes, oldest first, as spans: each holds until the next one of its key, the last for ever. Two at the same moment
 * leave the later one.
 */
export function spansOf<T>(changes: readonly { at: Date; key: string; value: T }[]): Map<string, Span<T>[]> {
  const spans = new Map<string, Span<T>[]>()
  for (const { at, key, value } of changes) {
    const own = spans.get(key) ?? []
    const last = own.at(-1)
    if (last) last.to = at
    own.push({ from: at, to: EVER, value })
    spans.set(key, own)
  }
  for (const [key, own] of spans)
    spans.set(
      key,
      own.filter(({ from, to }) => from < to),
    )
  return spans
}

/** Whether two stretches of time share a moment. */
export function meet(one: { from: Date; to: Date }, other: { from: Date; to: Date }): boolean {
  return one.from < other.to && other.from < one.to
}

/** A day (UTC) from its date, or the hour, minute or second that a longer text names. Undefined for anything else. */
export function stretchOf(text: string): { from: Date; to: Date } | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text)
  if (!day && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text))
    return undefined
  const from = new Date(day ? `${text}T00:00:00Z` : text)
  if (Number.isNaN(from.getTime()) || (day && from.toISOString().slice(0, 10) !== text)) return undefined
  return { from, to: new Date(from.getTime() + (day ? 86_400_000 : 1)) }
}
