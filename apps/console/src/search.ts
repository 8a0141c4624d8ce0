/** A word of an address's search, or undefined. The router reads numbers as numbers; a name may look like one. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== ''
    ? value
    : typeof value === 'number'
      ? String(value)
      : undefined
}

/** A whole number from `least` up, or undefined. */
export function count(value: unknown, least = 0): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= least ? number : undefined
}
