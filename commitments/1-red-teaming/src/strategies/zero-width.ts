import { singleTurn } from '@avouch/core/campaign'

const ZERO_WIDTH_SPACE = '\u200b'

/** The request with an invisible character between the letters of each word: it reads the same and is spelt otherwise. */
export default singleTurn({
  name: 'zero-width',
  version: '1',
  reference: 'Boucher et al., Bad Characters: Imperceptible NLP Attacks (2021), arXiv:2106.09898',
  transform: (prompt) => prompt.replace(/(?<=\p{L})(?=\p{L})/gu, ZERO_WIDTH_SPACE),
})
