/** A number with its noun, in digits: `1 breach`, `2 breaches`. `many` where the plural is not the noun and an s. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}
