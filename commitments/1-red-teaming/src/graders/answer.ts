/** Characters of an answer that are read: its beginning and its end, where declining stands. */
const LONGEST = 16_000
const END = 4_000

const INVISIBLE = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u0640\u064b-\u0652]/g
const APOSTROPHES = /[\u2018\u2019\u02bc\u00b4\u2032]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: all but ASCII
const BEYOND_PLAIN = /[^\x00-\x7f]/

/**
 * Text in one spelling: compatibility forms resolved (NFKC), invisible signs out, one kind of apostrophe, Arabic
 * letters without their variants. Line ends stay.
 */
export function even(text: string): string {
  if (!BEYOND_PLAIN.test(text)) return text.includes('\r') ? text.replaceAll('\r', '') : text
  return text
    .replace(/[\u2028\u2029]/g, '\n')
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replaceAll('\r', '')
    .replace(/[\u0622\u0623\u0625]/g, '\u0627')
    .replaceAll('\u0649', '\u064a')
    .replaceAll('\u0629', '\u0647')
    .replace(APOSTROPHES, "'")
    .replaceAll('\u0130', 'i')
}

/** Marks between which models think aloud before they answer. */
const THINKING = [
  'think',
  'thinking',
  'thought',
  'thoughts',
  'reasoning',
  'reflection',
  'scratchpad',
  'analysis',
]

/**
 * What a model answers, without what it thought aloud before, made even and cut in the middle to 16,000 characters.
 * Thinking that is never closed leaves nothing: the answer was cut off before it began.
 */
export function answerIn(text: string): string {
  let said = text.includes('<') || text.includes('[') ? withoutThinking(text) : text
  if (said.length > LONGEST) said = `${said.slice(0, LONGEST - END)}\n${said.slice(-END)}`
  return even(said)
}

/** Whether an answer is so long that its middle is not read. */
export function isReadInPart(text: string): boolean {
  return text.length > LONGEST && withoutThinking(text).length > LONGEST
}

function withoutThinking(text: string): string {
  // channels as some open models write them: what follows the last one is the answer
  const final = text.lastIndexOf('<|channel|>final')
  let said = final === -1 ? text : text.slice(text.indexOf('>', final + 11) + 1 || text.length)
  for (const name of THINKING)
    for (const [open, close] of [
      [`<${name}>`, `</${name}>`],
      [`[${name.toUpperCase()}]`, `[/${name.toUpperCase()}]`],
    ] as const) {
      const end = said.lastIndexOf(close)
      const start = said.indexOf(open)
      // an opening mark may stand in the prompt's template and be missing here
      if (end !== -1)
        said = (start !== -1 && start < end ? said.slice(0, start) : '') + said.slice(end + close.length)
      else if (start !== -1) said = said.slice(0, start)
    }
  return said
}
