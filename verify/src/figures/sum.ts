import { VerifyError } from '../errors.ts'
import type { Method } from './method.ts'
import { readResult } from './result.ts'

/** `sum/v1`: the sum of its inputs, each a number (or an object with a `value`) or an array of them. */
export const sumMethod: Method = (inputs) => {
  const terms = inputs.flatMap((input) => (Array.isArray(input) ? input : [input]))
  if (inputs.length === 0) throw new VerifyError('figure', 'sum/v1 takes at least one input.')
  return { value: terms.reduce<number>((sum, term) => sum + readResult(term).value, 0) }
}
