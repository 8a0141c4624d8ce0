import { AvouchError } from '@avouch/core/errors'
import { z } from 'zod'
import { shown } from '../signing/resource-name.ts'

export const releaseSchema = z
  .string()
  .max(200)
  .regex(/^[^\s@]+@[^\s@]+$/, 'a release is written NAME@VERSION')

/** A release given as an argument. Throws `usage` for anything else. */
export function releaseOf(text: string | undefined): string {
  const parsed = releaseSchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new AvouchError('usage', `"${shown((text ?? '').slice(0, 100))}" is no release`, {
    fix: 'Write it NAME@VERSION.',
  })
}
