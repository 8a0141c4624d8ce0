import { VerifyError } from '../errors.ts'
import type { Json } from '../json.ts'
import type { Result } from './method.ts'

/**
 * Reads a field that holds a figure: a number, or `{value, low, high, level, n, clusters}` of which all but `value`
 * may be missing and others may stand beside them. Throws `figure`.
 */
export function readResult(json: Json): Result {
  if (typeof json === 'number') return { value: json }
  if (typeof json !== 'object' || json === null || Array.isArray(json) || typeof json.value !== 'number')
    throw new VerifyError('figure', 'The field holds neither a number nor an object with a number `value`.')
  const result: Result = { value: json.value }
  const { low, high, level, n, clusters } = json
  if (typeof low === 'number' && typeof high === 'number' && typeof level === 'number')
    result.interval = { low, high, level }
  if (typeof n === 'number') result.n = n
  if (typeof clusters === 'number') result.clusters = clusters
  return result
}
