/** Longer records are malformed, whatever they hold: audit logs keep theirs under a quarter of this. */
export const LONGEST_RECORD = 1_048_576
/** A record is nested no deeper. */
const DEEPEST = 200
/** Enough of the beginning to see in what the records stand. */
const HEAD = 256
/** The lists in which logs deliver their records: CloudTrail's own, and those of exports. */
const LISTED = /^\s*\{\s*"(?:Records|records|Events|events|entries)"\s*:\s*\[/

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE, NEWLINE] = [34, 92, 91, 93, 123, 125, 10]

/** A record of a file, or why what stands there is none. */
export type FoundRecord = { value: Record<string, unknown> } | { why: string }

/**
 * Records of a file of JSON, a batch for each chunk: one object to a line, objects one after another over many lines, a
 * list of them, or a list under `Records`. Keeps one record and one chunk. What is too long, too deep, cut off or no
 * object is one malformed record, and reading goes on at the next line that begins with an object. With `needle`, only
 * records that hold this text somewhere are looked into at all. Never throws by itself.
 */
export async function* recordsOf(
  chunks: AsyncIterable<Buffer>,
  needle?: string,
): AsyncGenerator<FoundRecord[]> {
  const splitter = new Splitter(needle)
  let head: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (!head) {
      yield splitter.take(chunk)
      continue
    }
    head = Buffer.concat([head, chunk])
    if (head.length < HEAD) continue
    yield splitter.begin(head)
    head = undefined
  }
  if (head) yield splitter.begin(head)
  yield splitter.end()
}

/** Where a text may end, go on with an escape, or break off. Most of a record is text. */
function textEnd(chunk: Buffer, from: number): number {
  const { length } = chunk
  let i = from
  for (; i < length; i++) {
    const byte = chunk[i]!
    if (byte === QUOTE || byte === BACKSLASH || byte === NEWLINE) break
  }
  return i
}

/** Where a byte stands next; each byte of the chunk is looked at once, wherever one asks from, ever further on. */
class Finder {
  readonly #chunk: Buffer
  readonly #byte: number
  #next = -1

  constructor(chunk: Buffer, byte: number) {
    this.#chunk = chunk
    this.#byte = byte
  }

  /** The chunk's length where there is none. */
  from(at: number): number {
    if (this.#next < at) {
      const found = this.#chunk.indexOf(this.#byte, at)
      this.#next = found < 0 ? this.#chunk.length : found
    }
    return this.#next
  }
}

class Splitter {
  /** How deep the records stand: 0 by themselves, 1 in a list, 2 in a list under a name. */
  #base = 0
  #depth = 0
  #inText = false
  #escaped = false
  /** The record under way, of which earlier chunks hold a part. */
  #parts: Buffer[] = []
  #length = 0
  #isRecord = false
  /** After what was malformed: nothing counts until an object begins a line. */
  #lost = false
  #lineBegins = true
  #stray = false
  /** Whether each line is a record: then none reaches over lines. */
  #isLines = false
  #lines = 0
  /** In a list, a record that is too long is passed over as far as it reaches. */
  #over = false
  readonly #needle: string | undefined

  constructor(needle?: string) {
    this.#needle = needle
  }

  begin(head: Buffer): FoundRecord[] {
    const text = head
      .subarray(0, HEAD)
      .toString('latin1')
      .replace(/^\u00ef\u00bb\u00bf/, '')
    const listed = LISTED.exec(text)
    this.#base = listed ? 2 : /^\s*\[/.test(text) ? 1 : 0
    return this.take(head)
  }

  take(chunk: Buffer): FoundRecord[] {
    const found: FoundRecord[] = []
    let start = 0
    const newlines = new Finder(chunk, NEWLINE)
    const opens = new Finder(chunk, OPEN)
    for (let i = 0; i < chunk.length; i++) {
      // over what is no record, as fast as a byte can be found
      if (this.#lost && !this.#lineBegins) i = newlines.from(i)
      else if (this.#stray && !this.#isRecord && this.#base === 0)
        i = Math.min(newlines.from(i), opens.from(i))
      else if (this.#inText && !this.#escaped) i = textEnd(chunk, i)
      if (i >= chunk.length) break
      const byte = chunk[i]!
      if (this.#lost) {
        if (byte === NEWLINE) this.#lineBegins = true
        else if (byte === OPEN && this.#lineBegins) {
          this.#lost = false
          this.#depth = this.#base
        } else if (byte > 32) this.#lineBegins = false
        if (this.#lost) continue
      }
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false
        else if (byte === BACKSLASH) this.#escaped = true
        else if (byte === QUOTE) this.#inText = false
        // no text of JSON reaches over lines: its end was cut off
        else if (byte === NEWLINE) this.#lose(found, 'it is cut off in the middle of a text', true)
      } else if (byte === QUOTE) {
        if (this.#isRecord || this.#depth < this.#base) this.#inText = true
        else this.#stray = true
      } else if (byte === OPEN || byte === OPEN_LIST) {
        if (this.#depth === this.#base && !this.#isRecord) {
          if (byte === OPEN) {
            this.#isRecord = true
            start = i
          } else this.#stray = true
        }
        this.#depth++
        if (this.#depth > this.#base + DEEPEST) this.#lose(found, 'it is nested too deep')
      } else if (byte === CLOSE || byte === CLOSE_LIST) {
        if (this.#depth > 0) this.#depth--
        if (this.#isRecord && this.#depth === this.#base) {
          if (this.#over) this.#clear()
          else this.#finish(chunk.subarray(start, i + 1), found)
        }
      } else if (byte === NEWLINE) {
        if (this.#isRecord) {
          if (this.#isLines) this.#lose(found, 'it is cut off', true)
          else this.#lines++
        }
        if (this.#stray && !this.#isRecord) {
          found.push({ why: 'it is no object' })
          this.#stray = false
          if (this.#base === 0) this.#depth = 0
        }
      } else if (byte > 32 && byte !== 44 && !this.#isRecord && this.#base === 0) this.#stray = true
      if (this.#isRecord && !this.#over && this.#length + i - start > LONGEST_RECORD)
        this.#lose(found, `it is longer than ${LONGEST_RECORD} bytes`)
    }
    if (this.#isRecord && !this.#over) {
      this.#parts.push(Buffer.from(chunk.subarray(start)))
      this.#length += chunk.length - start
    }
    return found
  }

  end(): FoundRecord[] {
    if (this.#isRecord && !this.#over) return [{ why: 'it is cut off at the end of the file' }]
    return this.#stray ? [{ why: 'it is no object' }] : []
  }

  #finish(last: Buffer, found: FoundRecord[]): void {
    const bytes = this.#parts.length > 0 ? Buffer.concat([...this.#parts, last]) : last
    if (this.#base === 0 && this.#lines === 0) this.#isLines = true
    this.#clear()
    if (this.#needle !== undefined && !bytes.includes(this.#needle)) return
    try {
      found.push({ value: JSON.parse(bytes.toString('utf8')) as Record<string, unknown> })
    } catch {
      found.push({ why: 'it is not JSON' })
    }
  }

  /** Gives the record under way up. `fresh`: the line it stood on has ended. */
  #lose(found: FoundRecord[], why: string, fresh = false): void {
    if (this.#over && !fresh) return
    if (!this.#over) found.push({ why })
    this.#parts = []
    if (this.#base > 0 && !fresh) {
      this.#over = true
      return
    }
    this.#clear()
    this.#lost = true
    this.#inText = false
    this.#escaped = false
    this.#lineBegins = fresh
  }

  #clear(): void {
    this.#parts = []
    this.#length = 0
    this.#lines = 0
    this.#isRecord = false
    this.#over = false
    this.#stray = false
  }
}
