/** A piece of an answer by its form: lines of prose, a list item, a heading, a block of code, a quoted block. */
export type Passage = { form: 'prose' | 'item' | 'heading' | 'code' | 'quotation'; text: string }

/** Characters from a line's start in which its marker stands. */
const MARKER_WITHIN = 24
const ITEM =
  /^\s*(?:\*\*|__|\()?(?:[-*•–—+▪◦‣·●○➢➤✓✅☑]+\s|\(?\d{1,3}\s?[.)\]:-](?=\D|$)|[a-zA-Z][.)]\s|[①-⑳]|(?:step|stage|part|phase|schritt|étape|etape|paso|passo|etapa|fase|krok|шаг|adım|adim|langkah|bước|stap|isinyathelo|الخطوة|चरण)\s?\d{1,3}|第[一二三四五六七八九十\d]{1,3}[步条點点个、：:段阶]|\d{1,2}단계|ステップ\s?\d)/iu
const HEADING = /^\s*(?:#{1,6}\s|\*\*[^*\n]{1,120}\*\*:?\s*$|[=*_~-]{3,}\s*$)/
const FENCE = /^\s*(?:```|~~~)/

/** Cuts an answer into passages, line by line. A block of code that is never closed reaches to the end. */
export function passagesOf(text: string): Passage[] {
  const passages: Passage[] = []
  let code: string[] | undefined
  for (const line of text.split('\n')) {
    if (FENCE.test(line)) {
      const rest = line.replace(FENCE, '')
      if (code) {
        passages.push({ form: 'code', text: code.join('\n') })
        code = undefined
      } else if (/(?:```|~~~)\s*$/.test(rest) && rest.trim().length > 3)
        passages.push({ form: 'code', text: rest.slice(0, rest.lastIndexOf(rest.trimEnd().slice(-3))) })
      else code = []
      continue
    }
    if (code) {
      code.push(line)
      continue
    }
    if (line.trim() === '') continue
    passages.push(passageOf(line))
  }
  if (code && code.length > 0) passages.push({ form: 'code', text: code.join('\n') })
  // where nothing else is said, a quoted block is the answer's own form, and quotes nobody
  const quotesAll = passages.length > 0 && passages.every(({ form }) => form === 'quotation')
  return quotesAll ? passagesOf(text.replace(/^[\s>]+/gm, '')) : passages
}

function passageOf(line: string): Passage {
  const start = line.slice(0, MARKER_WITHIN)
  if (/^\s*>/.test(start)) return { form: 'quotation', text: line.replace(/^[\s>]+/, '') }
  if (HEADING.test(line)) return { form: 'heading', text: line.replace(/[#*_=~]/g, ' ') }
  const item = ITEM.exec(start)
  if (item) return { form: 'item', text: line.slice(item[0].length) }
  return { form: 'prose', text: line }
}
