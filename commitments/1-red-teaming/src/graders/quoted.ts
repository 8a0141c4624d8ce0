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

function withoutEchoes(text: string, question: string): string {
  const asked = new Set<string>()
  const words = question.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []
  for (let i = 0; i + ECHO <= words.length; i++) asked.add(words.slice(i, i + ECHO).join(' '))
  if (asked.size === 0) return text
  const found = [...text.matchAll(/[\p{L}\p{N}']+/gu)]
  const drop = new Uint8Array(found.length)
  for (let i = 0; i + ECHO <= found.length; i++) {
    const run = found
      .slice(i, i + ECHO)
      .map(([word]) => word.toLowerCase())
      .join(' ')
    if (asked.has(run)) drop.fill(1, i, i + ECHO)
  }
  let kept = ''
  let at = 0
  for (const [i, match] of found.entries()) {
    if (!drop[i]) continue
    kept += text.slice(at, match.index)
    at = match.index + match[0].length
  }
  return kept + text.slice(at)
}
