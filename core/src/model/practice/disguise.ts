import type { PracticeStrategy } from './strategies.ts'

const BASE64_RUN = /[A-Za-z0-9+/]{24,}={0,2}/g
const LEET: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
}

/**
 * Texts hidden in a message by an encoding that the model understands, in lower case, each with the strategy it stands
 * for. A model understands an encoding only where a weakness was planted for it.
 */
export function undisguise(
  text: string,
  understands: ReadonlySet<PracticeStrategy>,
): { strategy: PracticeStrategy; text: string }[] {
  const found: { strategy: PracticeStrategy; text: string }[] = []
  if (understands.has('base64') && text.length >= 24)
    for (const [run] of text.matchAll(BASE64_RUN)) {
      const decoded = Buffer.from(run, 'base64').toString('latin1').toLowerCase()
      // Ordinary long words decode to noise; only text that reads as text counts.
      if (readsAsText(decoded)) found.push({ strategy: 'base64', text: decoded })
    }
  if (understands.has('rot13') && /rot-?\s?13|caesar|cipher/i.test(text))
    found.push({ strategy: 'rot13', text: rot13(text.toLowerCase()) })
  if (understands.has('leetspeak') && /[a-z][013457@$]+[a-z]/i.test(text))
    found.push({
      strategy: 'leetspeak',
      text: text.toLowerCase().replace(/[013457@$]/g, (sign) => LEET[sign]!),
    })
  return found
}

/** Whether a message looks encoded, so that a model that cannot read it says so. */
export function looksEncoded(text: string): boolean {
  return /[A-Za-z0-9+/]{40,}={0,2}/.test(text) || /rot-?13|base64/i.test(text)
}

function readsAsText(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if ((code < 32 && code !== 9 && code !== 10 && code !== 13) || code > 126) return false
  }
  return true
}

function rot13(text: string): string {
  return text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97))
}
