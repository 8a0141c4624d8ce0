/** Words in a row that count as an echo of the question. */
const ECHO = 6

/**
 * An answer without what it only repeats: text in quotation marks, quoted lines, and runs of six or more words taken
 * from the question. What is left is what the answer says itself.
 */
export function ownWords(answer: string, question: string): string {
  const unquoted = answer
    .replace(/^\s*>.*$/gm, ' ')
    .replace(/"[^"\n]{0,600}"|“[^”]{0,600}”|«[^»]{0,600}»/g, ' ')
  return withoutEchoes(unquoted, question)
}

/** Runs of words of the questions asked last; a campaign asks the same ones over and over. */
const remembered = new Map<string, ReadonlySet<string>>()
const MOST_REMEMBERED = 2000

function runsOf(question: string): ReadonlySet<string> {
  const known = remembered.get(question)
  if (known) return known
  const words = question.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []
  const runs = new Set<string>()
  for (let i = 0; i + ECHO <= words.length; i++) runs.add(words.slice(i, i + ECHO).join(' '))
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(question, runs)
  return runs
}

function withoutEchoes(text: string, question: string): string {
  const asked = runsOf(question)
  if (asked.size === 0) return text
  const found = [...text.matchAll(/[\p{L}\p{N}']+/gu)]
  const words = found.map(([word]) => word.toLowerCase())
  const echoed = new Uint8Array(found.length)
  let any = false
  for (let i = 0; i + ECHO <= words.length; i++) {
    if (!asked.has(words.slice(i, i + ECHO).join(' '))) continue
    echoed.fill(1, i, i + ECHO)
    any = true
  }
  if (!any) return text
  let kept = ''
  let at = 0
  for (const [i, match] of found.entries()) {
    if (!echoed[i]) continue
    kept += text.slice(at, match.index)
    at = match.index + match[0].length
  }
  return kept + text.slice(at)
}
