/** `3 hours`, `90 minutes`. */
export function spanInWords(seconds: number): string {
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const)
    if (seconds % size === 0) return `${seconds / size} ${unit}${seconds === size ? '' : 's'}`
  return `${seconds} seconds`
}
