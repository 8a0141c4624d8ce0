import { singleTurn } from '@avouch/core/campaign'

const SIGNS: Record<string, string> = { o: '0', i: '1', e: '3', a: '4', s: '5', t: '7' }

/** The request with digits for the letters they look like. */
export default singleTurn({
  name: 'leet',
  version: '1',
  reference:
    'Wei, Haghtalab and Steinhardt, Jailbroken: How Does LLM Safety Training Fail? (2023), arXiv:2307.02483',
  transform: (prompt) => prompt.replace(/[oieast]/gi, (letter) => SIGNS[letter.toLowerCase()] ?? letter),
})
