/** Stands before what a service said itself. */
const SAYS = '; it says: '

/**
 * A sentence of ours with a service's own words behind it. They may repeat what was asked or answered, so they belong
 * in the sealed record and nowhere else.
 */
export function withServiceWords(sentence: string, words: string | undefined): string {
  return words === undefined ? sentence : `${sentence}${SAYS}${words}`
}

/** What we say of an error ourselves: fit for a log, a terminal and a page. */
export function withoutServiceWords(error: string): string {
  const at = error.indexOf(SAYS)
  return at < 0 ? error : error.slice(0, at)
}

/** The name of a model as a service gives it, where it has the form of one: a few words on one line. */
export function nameIn(name: string | undefined): string | undefined {
  return name !== undefined &&
    name.length <= 160 &&
    /^[\p{L}\p{N}(][^\s\p{C}]*(?: [^\s\p{C}]+){0,7}$/u.test(name)
    ? name
    : undefined
}

/** A service's code for an error, or its word for why it stopped, where it has the form of one: words of a text never have. */
export function codeIn(...codes: unknown[]): string | undefined {
  return codes.find(
    (code): code is string =>
      typeof code === 'string' && /^[a-z0-9]+(?:[._-][a-z0-9]+){0,7}$/i.test(code) && code.length <= 64,
  )
}
