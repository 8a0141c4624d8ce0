/** What to call with the signal's reason when it aborts. */
export type Aborts = Set<(reason: unknown) => void>

const SETS = new WeakMap<AbortSignal, Aborts>()

/**
 * The calls to make when this signal aborts: one listener for a signal that a hundred asks share, since adding and
 * removing one each time costs more than the rest of an ask. Nothing is left on the signal that can leak: the listener
 * holds the set, and the signal holds the listener.
 */
export function abortsOf(signal: AbortSignal): Aborts {
  const known = SETS.get(signal)
  if (known) return known
  const calls: Aborts = new Set()
  SETS.set(signal, calls)
  signal.addEventListener(
    'abort',
    () => {
      for (const call of [...calls]) call(signal.reason)
      calls.clear()
    },
    { once: true },
  )
  return calls
}
