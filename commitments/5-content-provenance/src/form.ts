import { AvouchError } from '@avouch/core/errors'

/** What comes of a form, in its order: a field begins, by its name; a piece of what is in it. */
export type FormEvent = { name: string } | { bytes: Buffer }

const MOST_PARTS = 16
const HEAD = 4_096

/**
 * The fields of a `multipart/form-data` body (RFC 7578), while it comes in: of a file no more is held than what came at once.
 * The name that a file had at home is not told. Throws `input` where it is none, breaks off, or has more than 16 fields.
 */
export async function* readForm(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
): AsyncGenerator<FormEvent> {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType)
  if (boundary === null) throw malformed('it names no boundary')
  const mark = Buffer.from(`\r\n--${boundary[1] ?? boundary[2]}`)
  // the first boundary has no line before it
  let held: Buffer = Buffer.from('\r\n')
  let state: 'before' | 'between' | 'inside' | 'done' = 'before'
  let parts = 0
  for await (const chunk of body) {
    // what follows the last boundary belongs to nobody
    if (state === 'done') continue
    held = Buffer.concat([held, chunk])
    for (;;) {
      if (state === 'between') {
        if (held.length >= 2 && held.toString('latin1', 0, 2) === '--') {
          state = 'done'
          break
        }
        const end = held.indexOf('\r\n\r\n')
        if (end > HEAD || (end < 0 && held.length > HEAD)) throw malformed('the head of a field is too long')
        if (end < 0) break
        if (parts++ === MOST_PARTS) throw malformed(`it has more than ${MOST_PARTS} fields`)
        const name = /\bname="([^"\r\n]{1,100})"/i.exec(held.toString('latin1', 0, end))?.[1]
        if (name === undefined) throw malformed('a field has no name')
        yield { name }
        held = held.subarray(end + 4)
        state = 'inside'
      }
      const at = held.indexOf(mark)
      if (state === 'before' && at !== 0) {
        if (at > 0 || held.length >= mark.length) throw malformed('it does not begin with its boundary')
        break
      }
      // what may be the beginning of a boundary waits for the rest
      const sure = at < 0 ? held.length - mark.length + 1 : at
      if (sure > 0) yield { bytes: held.subarray(0, sure) }
      if (at < 0) {
        held = held.subarray(Math.max(0, sure))
        break
      }
      held = held.subarray(at + mark.length)
      state = 'between'
    }
  }
  if (state !== 'done') throw malformed('it breaks off')
}

function malformed(why: string): AvouchError {
  return new AvouchError('input', `the form cannot be read: ${why}`, { where: 'body' })
}
