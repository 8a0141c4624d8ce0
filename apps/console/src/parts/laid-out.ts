/** Longer text is left as it is, and so is text that is nested deeper: laid out it would be many times its size. */
const LONGEST = 262_144
const DEEPEST = 40

/** JSON laid out for reading; anything else as it is. It may come from a model: nothing in it is trusted. */
export function laidOut(text: string): string {
  if (text.length > LONGEST || isDeep(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

function isDeep(text: string): boolean {
  let depth = 0
  for (const sign of text) {
    if (sign === '[' || sign === '{') depth++
    else if (sign === ']' || sign === '}') depth--
    if (depth > DEEPEST) return true
  }
  return false
}
