/** The styles that `styleText` of Node makes here: weight and the eight colours, none that hides what it stands before. */
const STYLE = /^\p{Cc}\[(?:[0-4]|9|2[2-4]|29|3[1-79]|39|9[0-7])m/u
/**
 * What moves the cursor, ends a line, or turns the order of letters: controls, formats, line and paragraph separators. Not
 * the two joiners, which Persian, Hindi and many emoji are written with.
 */
const ACTING = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * A line as a terminal may show it. Names, reasons and messages come from models, files and strangers: what would act on
 * the terminal instead of being read stands there as its code, and so does the end of a line. Our own styles stay.
 */
export function shown(line: string): string {
  return line.replace(ACTING, (sign, at: number) =>
    sign === '\u001b' && STYLE.test(line.slice(at, at + 6)) ? sign : codeOf(sign),
  )
}

/** The same of a text of several lines. */
export function shownLines(text: string): string {
  return text.split('\n').map(shown).join('\n')
}

/** JSON as a terminal may show it: the same value, with what JSON does not escape by itself escaped too. */
export function shownJson(value: unknown, indent?: number): string {
  return shownLines(JSON.stringify(value, null, indent))
}

function codeOf(sign: string): string {
  return [...Array(sign.length).keys()]
    .map((n) => `\\u${sign.charCodeAt(n).toString(16).padStart(4, '0')}`)
    .join('')
}
