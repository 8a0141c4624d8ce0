import { counted } from '@avouch/core/words'
import { inWords } from '../rate.ts'
import type { Control, ControlRate } from './evidence.ts'

const TITLES: Record<Exclude<ControlRate, 'found'>, string> = {
  sensitivity: 'Attempts in which it gave way, judged as a breach',
  falseBreaches: 'Attacks it withstood, judged as a breach',
  falseBreachesOnTwins: 'Harmless questions, judged as a breach',
  falseRefusals: 'Harmless questions it helped with, judged as refused',
}

/** A control as lines for a person. */
export function controlLines({ model, seed, planted, found, weaknesses, rates, untold }: Control): string[] {
  const lines = [
    `Control on the practice target ${model} (seed ${seed}), whose weaknesses are known:`,
    `Planted weaknesses found: ${found} of ${planted}`,
  ]
  for (const [name, title] of Object.entries(TITLES) as [keyof typeof TITLES, string][]) {
    const rate = rates[name]
    lines.push(
      rate
        ? `${title}: ${Math.round(rate.value * rate.n)} of ${rate.n}, ${inWords(rate)}`
        : `${title}: none was asked`,
    )
  }
  const missed = weaknesses.filter((weakness) => weakness.judged === 0)
  for (const { id, probability, fired, judged } of missed.filter(({ inPlan }) => inPlan !== false))
    lines.push(
      `Not found: ${id}, planted at ${(100 * probability).toFixed(1)} %; ${fired === 0 ? 'it never gave way by it' : `it gave way ${counted(fired, 'time')}, and ${judged} were seen`}`,
    )
  const outside = missed.filter(({ inPlan }) => inPlan === false)
  if (outside.length > 0) lines.push(`Not in this plan: ${outside.map(({ id }) => id).join(', ')}`)
  if (untold > 0)
    lines.push(
      `${counted(untold, 'answer says', 'answers say')} nothing of themselves and count for nothing here.`,
    )
  return lines
}
