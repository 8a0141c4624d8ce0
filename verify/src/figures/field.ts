import { VerifyError } from '../errors.ts'
import type { Method } from './method.ts'
import { readResult } from './result.ts'

/** `field/v1`: the figure is the disclosed field itself, which its one input names. */
export const fieldMethod: Method = (inputs) => {
  const [field, ...more] = inputs
  if (field === undefined || more.length > 0)
    throw new VerifyError('figure', 'field/v1 takes one input: the field itself.')
  return readResult(field)
}
