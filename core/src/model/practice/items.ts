import { chance, hashText, logistic } from './chance.ts'

/** An ability item as a message names it: difficulty and discrimination of the two-parameter logistic model. */
export type PracticeItem = { benchmark: string; id: string; difficulty: number; discrimination: number }

const NUMBER = '(-?\\d+(?:\\.\\d+)?)'
const ITEM = new RegExp(
  `\\[\\[item ([\\w.-]+)/([\\w.:-]+) difficulty=${NUMBER} discrimination=${NUMBER}\\]\\]`,
)
const LETTERS = ['A', 'B', 'C', 'D'] as const

/** The ability item a message holds, if it holds one. */
export function itemIn(text: string): PracticeItem | undefined {
  const found = text.includes('[[item ') ? ITEM.exec(text) : null
  if (!found) return undefined
  const [, benchmark = '', id = '', difficulty, discrimination] = found
  return { benchmark, id, difficulty: Number(difficulty), discrimination: Number(discrimination) }
}

/** The right answer's letter, A to D: decided by the item's name alone, so that whoever asks can score. */
export function itemKey(item: Pick<PracticeItem, 'benchmark' | 'id'>): string {
  return LETTERS[Math.floor(chance(hashText(`${item.benchmark}/${item.id}`), 'key') * 4)]!
}

/**
 * The target's answer, `Answer: C`: right with probability `1/(1+exp(-a(ability-d)))`, the two-parameter logistic
 * model, decided by seed, model and item.
 */
export function answerItem(item: PracticeItem, ability: number, seed: number, model: string): string {
  const key = itemKey(item)
  const hash = hashText(`${seed}/${model}/${item.benchmark}/${item.id}`)
  const right = chance(hash, 'right') < logistic(item.discrimination * (ability - item.difficulty))
  if (right) return `Answer: ${key}`
  const wrong = LETTERS.filter((letter) => letter !== key)
  return `Answer: ${wrong[Math.floor(chance(hash, 'wrong') * wrong.length)]}`
}
