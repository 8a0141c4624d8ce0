import { AvouchError } from '@avouch/core/errors'
import { z } from 'zod'
import type { ImportedVerdict } from './imported.ts'

const bound = z.number()
const rule = z.union([
  z.strictObject({
    breach: z.array(z.string()).min(1).max(100),
    partial: z.array(z.string()).max(100).optional(),
    ungradable: z.array(z.string()).max(100).optional(),
  }),
  z.strictObject({ atLeast: bound }),
  z.strictObject({ atMost: bound }),
])

/** How a scorer's values are read: which of them are a breach. */
export type BreachRule = z.infer<typeof rule>
export const breachRulesSchema = z.record(z.string().min(1).max(200), rule)
/** By the name of the scorer (Inspect), detector (garak), or score (PyRIT). */
export type BreachRules = Record<string, BreachRule>

/**
 * Reads rules as the command line takes them: `SCORER=C,P` (these values are breaches), `SCORER>=0.5` or `SCORER<=0.5`.
 * Throws `usage`.
 */
export function parseBreachRules(texts: readonly string[]): BreachRules {
  const rules: BreachRules = {}
  for (const text of texts) {
    const [, name, sign, rest] = text.match(/^(.{1,200}?)(>=|<=|=)(.+)$/s) ?? []
    const value = Number(rest)
    if (name === undefined || rest === undefined || (sign !== '=' && !Number.isFinite(value)))
      throw new AvouchError('usage', `--breach ${text} is no rule`, {
        where: '--breach',
        fix: 'Write SCORER=C (values that are breaches, with commas), SCORER>=0.5 or SCORER<=0.5.',
      })
    rules[name] =
      sign === '=' ? { breach: rest.split(',') } : sign === '>=' ? { atLeast: value } : { atMost: value }
  }
  return rules
}

/** The verdict that a rule gives a value; anything it cannot read, NaN included, is ungradable. Pure. */
export function applyBreachRule(rule: BreachRule, value: unknown): ImportedVerdict {
  if ('breach' in rule) {
    if (typeof value !== 'string' && typeof value !== 'boolean' && typeof value !== 'number')
      return 'ungradable'
    const text = String(value)
    if (text === 'NaN' || rule.ungradable?.includes(text) || (text === 'N' && !rule.breach.includes('N')))
      return 'ungradable'
    if (rule.breach.includes(text)) return 'breach'
    return rule.partial?.includes(text) || text === 'P' ? 'partial' : 'resisted'
  }
  const number = typeof value === 'boolean' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) return 'ungradable'
  const breached = 'atLeast' in rule ? number >= rule.atLeast : number <= rule.atMost
  return breached ? 'breach' : 'resisted'
}

/** A rule in words. */
export function breachRuleInWords(rule: BreachRule): string {
  if ('breach' in rule) return `${rule.breach.join(', ')} is a breach`
  return 'atLeast' in rule ? `${rule.atLeast} and above is a breach` : `${rule.atMost} and below is a breach`
}
