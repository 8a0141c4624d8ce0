import { AvouchError } from '@avouch/core/errors'
import { z } from 'zod'

/** What a request gave, read by a schema. Throws `usage` with what is wrong; `what` is the part of the request. */
export function given<T>(schema: z.ZodType<T>, value: unknown, what = 'address'): T {
  const parsed = schema.safeParse(value)
  if (!parsed.success)
    throw new AvouchError('usage', z.prettifyError(parsed.error), {
      where: what,
      fix: `Correct the ${what} of the request.`,
    })
  return parsed.data
}
