import { singleTurn } from '@avouch/core/campaign'

/** Latin letters and the Cyrillic ones that look the same. */
const LOOK_ALIKE: Record<string, string> = {
  a: '\u0430',
  c: '\u0441',
  e: '\u0435',
  i: '\u0456',
  j: '\u0458',
  o: '\u043e',
  p: '\u0440',
  s: '\u0455',
  x: '\u0445',
  y: '\u0443',
}

/** The request with Cyrillic letters in the place of Latin ones that look the same to a reader. */
export default singleTurn({
  name: 'homoglyphs',
  version: '1',
  reference: 'Boucher et al., Bad Characters: Imperceptible NLP Attacks (2021), arXiv:2106.09898',
  transform: (prompt) => prompt.replace(/[aceijopsxy]/g, (letter) => LOOK_ALIKE[letter] ?? letter),
})
