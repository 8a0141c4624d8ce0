import { AvouchError } from '../errors.ts'

const SEGMENT = /^[a-z0-9._-]{1,200}$/

/** Throws `input` unless the key is `/`-separated segments of `[a-z0-9._-]`, none of them only dots, 900 bytes at most. */
export function checkKey(key: string): string {
  const wrong = (why: string): never => {
    throw new AvouchError('input', `"${key.slice(0, 100)}" is no blob key: ${why}`, {
      fix: 'Use segments of a-z, 0-9, ".", "_" and "-", separated by "/".',
    })
  }
  if (key.length > 900) wrong('longer than 900 bytes')
  for (const segment of key.split('/')) {
    if (!SEGMENT.test(segment)) wrong('a segment is empty, too long or has other characters')
    if (/^\.+$/.test(segment)) wrong('a segment of dots')
  }
  return key
}

/** As `checkKey` for the beginning of keys; the empty prefix is everything. */
export function checkPrefix(prefix: string): string {
  if (prefix !== '') checkKey(prefix.endsWith('/') ? `${prefix}x` : prefix)
  return prefix
}

/** True for what `checkKey` takes. */
export function isKey(text: string): boolean {
  return (
    text.length <= 900 && text.split('/').every((segment) => SEGMENT.test(segment) && !/^\.+$/.test(segment))
  )
}
