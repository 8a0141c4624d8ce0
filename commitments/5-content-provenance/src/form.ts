import { AvouchError } from '@avouch/core/errors'

/** One field of a form: what was typed, or a file's bytes. The name a file had at home is not kept. */
export type Part = { name: string; bytes: Uint8Array }

const MOST_PARTS = 16
const HEAD = 4_096

/**
 * The fields of a `multipart/form-data` body (RFC 7578). Throws `input` where it is none, breaks off, or has more than 16.
 */
export function readForm(body: Buffer, contentType: string): Part[] {
  const malformed = (why: string): AvouchError =>
    new AvouchError('input', `the form cannot be read: ${why}`, { where: 'body' })
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType)
  if (boundary === null) throw malformed('it names no boundary')
  const mark = Buffer.from(`--${boundary[1] ?? boundary[2]}`)
  const parts: Part[] = []
  let at = body.indexOf(mark)
  if (at !== 0) throw malformed('it does not begin with its boundary')
  for (;;) {
    at += mark.length
    if (body.toString('latin1', at, at + 2) === '--') return parts
    if (parts.length === MOST_PARTS) throw malformed(`it has more than ${MOST_PARTS} fields`)
    const head = body.indexOf('\r\n\r\n', at)
    const end =
      head < 0 || head - at > HEAD ? -1 : body.indexOf(Buffer.concat([Buffer.from('\r\n'), mark]), head + 2)
    if (end < 0) throw malformed('it breaks off')
    const name = /\bname="([^"\r\n]{1,100})"/i.exec(body.toString('latin1', at, head))?.[1]
    if (name === undefined) throw malformed('a field has no name')
    parts.push({ name, bytes: new Uint8Array(body.subarray(Math.min(head + 4, end), end)) })
    at = end + 2
  }
}
