/**
 * A name in which every `*` stands for any text, also none, told apart from left to right; everything else is itself.
 * No regular expression: names come from a log that others write into, and matching takes time in their length alone.
 */
export class Pattern {
  readonly text: string
  readonly #parts: string[]

  constructor(text: string) {
    this.text = text
    this.#parts = text.split('*')
  }

  /** What stands before the first `*`. */
  get literal(): string {
    return this.#parts[0]!
  }

  get isExact(): boolean {
    return this.#parts.length === 1
  }

  /** What its stars stand for in a name; undefined where it does not fit. */
  match(name: string): string[] | undefined {
    const parts = this.#parts
    if (parts.length === 1) return name === parts[0] ? [] : undefined
    const last = parts[parts.length - 1]!
    if (!name.startsWith(parts[0]!) || !name.endsWith(last)) return undefined
    const end = name.length - last.length
    let at = parts[0]!.length
    if (at > end) return undefined
    const stars: string[] = []
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, at)
      if (found < 0 || found + part.length > end) return undefined
      stars.push(name.slice(at, found))
      at = found + part.length
    }
    stars.push(name.slice(at, end))
    return stars
  }
}

/** `$1` to `$9` of a text, put in from what the stars stood for. */
export function filledIn(text: string, stars: readonly string[]): string {
  return text.replace(/\$([1-9])/g, (_, digit: string) => stars[Number(digit) - 1] ?? '')
}
