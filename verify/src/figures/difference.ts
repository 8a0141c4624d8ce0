import { VerifyError } from '../errors.ts'
import type { Method } from './method.ts'
import { readResult } from './result.ts'

/** `difference/v1`: the first input less the second; each a number or an object with a `value`. */
export const differenceMethod: Method = (inputs) => {
  const [first, second, ...more] = inputs
  if (first === undefined || second === undefined || more.length > 0)
    throw new VerifyError('figure', 'difference/v1 takes two inputs.')
  return { value: readResult(first).value - readResult(second).value }
}
