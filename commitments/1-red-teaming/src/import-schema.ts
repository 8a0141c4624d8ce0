import type { z } from 'zod'
import { brokenAt } from './import-bytes.ts'

/** Holds a part of a file against a schema. Throws `input` naming the member, never its value. */
export function readPart<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw brokenAt(
    where,
    `${issue?.path.map(String).join('.') || 'this part'}: ${issue?.message ?? 'it has another form'}`,
  )
}
