import { AvouchError } from '@avouch/core/errors'
import { z } from 'zod'
import { ACCESS_ACTIONS, type Policies } from './engine.ts'
import { readYaml } from './settings.ts'

const words = z.array(z.string().min(1).max(100)).max(50)
const person = z.strictObject({
  team: z.string().max(100).default('none'),
  functions: words.default([]),
  projects: words.default([]),
  environments: words.default([]),
  roles: words.default([]),
})

const casesSchema = z.strictObject({
  people: z.record(z.string().max(100), person).default({}),
  cases: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200),
        /** One of `people`, or a person written out. */
        person: z.union([z.string().max(100), person]),
        action: z.enum(ACCESS_ACTIONS),
        model: z
          .string()
          .max(200)
          .regex(/^[^\s@]+@[^\s@]+$/, 'write it NAME@VERSION'),
        projects: words.optional(),
        environment: z.string().min(1).max(100),
        purpose: z.string().min(1).max(100).default('evaluation'),
        seconds: z
          .int()
          .min(1)
          .max(2 ** 31 - 1)
          .default(3600),
        expect: z.enum(['allow', 'deny']),
      }),
    )
    .min(1)
    .max(2000),
})

/** One case: who asked what, what was expected, what the policies said, and why. */
export type CaseResult = {
  name: string
  person: string
  action: string
  model: string
  expected: 'allow' | 'deny'
  answered: 'allow' | 'deny'
  because: string
}

/** Puts the cases of a YAML or JSON text to the policies. Throws `input` where the text is wrong. */
export function runCases(policies: Policies, text: string, where: string): CaseResult[] {
  const parsed = casesSchema.safeParse(readYaml(text, where))
  if (!parsed.success) throw new AvouchError('input', z.prettifyError(parsed.error), { where })
  const { people, cases } = parsed.data
  return cases.map(({ name, person: who, expect, ...question }) => {
    const known = typeof who === 'string' ? (Object.hasOwn(people, who) ? people[who] : undefined) : who
    if (known === undefined)
      throw new AvouchError('input', `"${who}" is none of the people of this file`, {
        where: `${where}, ${name}`,
      })
    const id = typeof who === 'string' ? who : 'somebody'
    const { allowed, because } = policies.decide({ ...question, subject: { id, ...known } })
    return {
      name,
      person: id,
      action: question.action,
      model: question.model,
      expected: expect,
      answered: allowed ? 'allow' : 'deny',
      because,
    }
  })
}
