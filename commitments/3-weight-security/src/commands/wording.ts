import { counted } from '@avouch/core/words'
import type { FormatFound } from '../object/object.ts'

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `3.0 GiB`; below a KiB exact. */
export function bytesInWords(bytes: number): string {
  let [value, unit] = [bytes, 0]
  // what would be written as 1024.0 is 1.0 of the next
  while (value >= (unit === 0 ? 1024 : 1023.95) && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`
}

/** What a file's header said, in a line. */
export function formatInWords(format: FormatFound | undefined): string {
  if (format === undefined) return 'no known format, bytes'
  const { name, tensors, parameters, dtypes } = format
  const count =
    parameters === null
      ? ''
      : `, ${parameters.toLocaleString('en')} ${parameters === 1 ? 'parameter' : 'parameters'}`
  const types = Object.entries(dtypes)
    .filter(([dtype]) => dtype !== 'bytes')
    .map(([dtype, n]) => `${n} ${dtype}`)
  const what = parameters === null && types.length === 0 ? 'storage' : 'tensor'
  return `${name}, ${counted(tensors, what)}${count}${types.length > 0 ? ` (${types.join(', ')})` : ''}`
}
