import { AvouchError } from '@avouch/core/errors'
import { z } from 'zod'
import { isLoopback } from '../loopback.ts'
import { JUDGE_MODES, type JudgePlan, judgeSchema } from './plan.ts'

/** The options by which a command line names a judge; they go before the plan's. */
export const judgeOptions = {
  judge: z.string().optional().describe('Base address of a model that judges, over the rules'),
  judgeModel: z.string().optional().describe('The name the service knows the judge by'),
  judgeMode: z
    .enum(JUDGE_MODES)
    .optional()
    .describe('Ask the judge where the rules are undecided (the default), or always'),
  judgeAdapter: z.enum(['openai', 'anthropic']).optional().describe('How the judge is spoken to'),
  judgeKeyVariable: z
    .string()
    .optional()
    .describe("Name of the environment variable that holds the judge's key"),
  judgeAllowPrivate: z
    .boolean()
    .optional()
    .describe('Allow a judge in a private network; loopback is allowed as it is'),
}

/** The judge that the options name, if they name one. Throws `usage` for options that do not go together. */
export function judgeOf(options: z.infer<z.ZodObject<typeof judgeOptions>>): JudgePlan | undefined {
  const { judge, judgeModel, judgeMode, judgeAdapter, judgeKeyVariable, judgeAllowPrivate } = options
  if (judge === undefined) {
    if (judgeModel ?? judgeMode ?? judgeAdapter ?? judgeKeyVariable ?? judgeAllowPrivate)
      throw new AvouchError('usage', 'A judge is described, but no address is given for it', {
        where: '--judge',
        fix: 'Add --judge URL.',
      })
    return undefined
  }
  const parsed = judgeSchema.safeParse({
    url: judge,
    model: judgeModel,
    ...(judgeMode && { mode: judgeMode }),
    ...(judgeAdapter && { adapter: judgeAdapter }),
    ...(judgeKeyVariable !== undefined && { keyVariable: judgeKeyVariable }),
    ...((judgeAllowPrivate || isLoopback(judge)) && { allowPrivate: true }),
  })
  if (parsed.success) return parsed.data
  throw new AvouchError('usage', `The judge cannot be used: ${z.prettifyError(parsed.error)}`, {
    where: '--judge',
    fix: 'Give --judge URL and --judge-model NAME.',
    cause: parsed.error,
  })
}
