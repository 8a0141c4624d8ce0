import { AvouchError } from '@avouch/core/errors'

/** Both ends included, counted from 0. */
export type ByteRange = { start: number; end: number }

/**
 * A `Range` header (RFC 9110, section 14) of one range, against so many bytes; all of them where there is none. Both
 * ends are included. Throws `input` for other units, several ranges and nonsense.
 */
export function readByteRange(header: string | undefined, bytes: number): ByteRange | 'none-of-it' {
  if (header === undefined) return { start: 0, end: bytes - 1 }
  const found = /^bytes=(\d{0,16})-(\d{0,16})$/.exec(header.trim())
  const [, from = '', to = ''] = found ?? []
  if (found === null || (from === '' && to === ''))
    throw new AvouchError('input', 'only one range of bytes can be asked for', {
      where: 'Range',
      fix: 'Write it as bytes=FROM-TO, both included, counted from 0.',
    })
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from)
  const end = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1)
  if (from !== '' && to !== '' && Number(to) < Number(from))
    throw new AvouchError('input', 'the range ends before it begins', { where: 'Range' })
  return start >= bytes || (from === '' && Number(to) === 0) ? 'none-of-it' : { start, end }
}
