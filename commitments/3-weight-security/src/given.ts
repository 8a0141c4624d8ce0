import { AvouchError } from '@avouch/core/errors'
import type { z } from 'zod'

/** What a request gave, read by a schema. Throws `usage` with what is wrong; `what` is the part of the request. */
export function given<T>(schema: z.ZodType<T>, value: unknown, what = 'address'): T {
  const parsed = schema.safeParse(value)
  if (!parsed.success)
    throw new AvouchError('usage', parsed.error.issues.slice(0, 5).map(inWords).join('; '), {
      where: what,
      fix: `Correct the ${what} of the request.`,
    })
  return parsed.data
}

/** What is wrong with one value, for whoever filled in a form: `seconds: 14400 at most`. */
function inWords(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.')
  return path === '' ? whatIsWrong(issue) : `${path}: ${whatIsWrong(issue)}`
}

function whatIsWrong(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is missing'
  const unit =
    'origin' in issue && issue.origin === 'string'
      ? ' characters'
      : 'origin' in issue && issue.origin === 'array'
        ? ' entries'
        : ''
  // a schema that says it better in words of its own keeps them
  if (issue.code === 'too_small' && issue.message.startsWith('Too small'))
    return `${issue.minimum}${unit} at least`
  if (issue.code === 'too_big' && issue.message.startsWith('Too big'))
    return `${issue.maximum}${unit} at most`
  return issue.message
}
