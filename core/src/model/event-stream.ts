import { StringDecoder } from 'node:string_decoder'

/**
 * Reads server-sent events (WHATWG HTML, 9.2.6) from bytes in any pieces. Comments, ids and retry times are passed
 * over; an event that its blank line does not end is not delivered, as the standard says.
 */
export class EventStream {
  readonly #decoder = new StringDecoder('utf8')
  readonly #deliver: (event: string, data: string) => void
  #rest = ''
  #event = ''
  #data: string | undefined
  #started = false

  constructor(deliver: (event: string, data: string) => void) {
    this.#deliver = deliver
  }

  push(bytes: Uint8Array): void {
    let text = this.#rest + this.#decoder.write(bytes as Buffer)
    if (!this.#started && text.length > 0) {
      this.#started = true
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
    }
    let start = 0
    for (;;) {
      const end = lineEnd(text, start)
      // A carriage return at the very end may be half of CR LF.
      if (end === -1 || (text[end] === '\r' && end === text.length - 1)) break
      this.#line(text.slice(start, end))
      start = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1
    }
    this.#rest = text.slice(start)
  }

  /** No more bytes will come: the last line counts even where nothing ends it. */
  end(): void {
    if (this.#rest !== '') this.#line(this.#rest.replace(/\r$/, ''))
    this.#rest = ''
  }

  #line(line: string): void {
    if (line === '') {
      if (this.#data !== undefined) this.#deliver(this.#event, this.#data)
      this.#event = ''
      this.#data = undefined
      return
    }
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
    else if (field === 'event') this.#event = value
  }
}

function lineEnd(text: string, from: number): number {
  const feed = text.indexOf('\n', from)
  const carriage = text.indexOf('\r', from)
  if (carriage === -1) return feed
  return feed === -1 ? carriage : Math.min(feed, carriage)
}
