import type { Dispatcher, Pool } from 'undici'
import type { Aborts } from './aborts.ts'

/** One call on the wire. `path` is absolute; headers are a flat list of names and values. */
export type Call = { method: 'GET' | 'POST'; path: string; headers: string[]; body: Uint8Array | undefined }

/** How long and how large one call may become. */
export type Bounds = {
  /** Whole exchange, connecting included. */
  timeoutMs: number
  /** From the request's last byte to the answer's headers. */
  headersTimeoutMs: number
  maxResponseBytes: number
}

/**
 * How one call ended. `bytes` is what arrived of the body, whole or not. `status` is undefined where no answer began.
 */
export type Exchange = {
  status: number | undefined
  headers: Record<string, string | string[] | undefined>
  bytes: Uint8Array
  /** Set where the answer did not arrive whole. */
  failure: Failure | undefined
}

/** Why an answer did not arrive whole. */
export type Failure = {
  kind: 'timeout' | 'too-large' | 'connection' | 'other'
  /** The system's or undici's code, such as `ECONNREFUSED` or `UND_ERR_SOCKET`. */
  code: string | undefined
  message: string
}

/**
 * Makes one call and keeps the bytes as they came. Resolves however the service behaved; rejects only with the abort's
 * reason. Redirects are not followed (undici does not, unless asked), and nothing is decompressed.
 */
export function exchange(
  pool: Pool,
  call: Call,
  bounds: Bounds,
  aborts: Aborts | undefined,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const handler = new Handler(bounds, aborts, resolve, reject)
    try {
      pool.dispatch(
        {
          method: call.method,
          path: call.path,
          headers: call.headers,
          body: call.body ?? null,
          headersTimeout: bounds.headersTimeoutMs,
          bodyTimeout: 0,
        },
        handler,
      )
    } catch (error) {
      handler.onResponseError(undefined, error as Error)
    }
  })
}

const NONE = new Uint8Array(0)

class Handler implements Dispatcher.DispatchHandler {
  readonly #bounds: Bounds
  readonly #aborts: Aborts | undefined
  readonly #resolve: (exchange: Exchange) => void
  readonly #reject: (reason: unknown) => void
  readonly #cancel: ((reason: unknown) => void) | undefined
  readonly #timer: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  #status: number | undefined
  #headers: Exchange['headers'] = {}
  #first: Uint8Array | undefined
  #more: Uint8Array[] | undefined
  #size = 0
  #done = false

  constructor(
    bounds: Bounds,
    aborts: Aborts | undefined,
    resolve: (exchange: Exchange) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#bounds = bounds
    this.#aborts = aborts
    this.#resolve = resolve
    this.#reject = reject
    this.#timer = setTimeout(timedOut, bounds.timeoutMs, this)
    if (aborts) {
      this.#cancel = (reason) => {
        if (this.#finish()) this.#reject(reason)
        this.#controller?.abort(STOPPED)
      }
      aborts.add(this.#cancel)
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#done) controller.abort(STOPPED)
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Exchange['headers']): void {
    // 1xx is no answer yet.
    if (status < 200) return
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#done) return
    const room = this.#bounds.maxResponseBytes - this.#size
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk
    this.#size += kept.length
    if (this.#first === undefined) this.#first = kept
    else {
      this.#more ??= []
      this.#more.push(kept)
    }
    if (kept !== chunk)
      this.stop('too-large', `the answer is longer than ${this.#bounds.maxResponseBytes} bytes`)
  }

  onResponseEnd(): void {
    this.#settle(undefined)
  }

  onResponseError(_: unknown, error: Error): void {
    const code = (error as NodeJS.ErrnoException).code
    const kind =
      code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT'
        ? 'timeout'
        : CONNECTION.has(code ?? '')
          ? 'connection'
          : 'other'
    this.#settle({ kind, code, message: error.message })
  }

  stop(kind: Failure['kind'], message: string): void {
    this.#settle({ kind, code: undefined, message })
    this.#controller?.abort(STOPPED)
  }

  timedOut(): void {
    const met =
      this.#status === undefined ? 'no answer began' : `the answer broke off after ${this.#size} bytes`
    this.stop('timeout', `${met} within ${this.#bounds.timeoutMs} ms`)
  }

  #settle(failure: Failure | undefined): void {
    if (!this.#finish()) return
    const bytes =
      this.#more === undefined
        ? (this.#first ?? NONE)
        : Buffer.concat([this.#first!, ...this.#more], this.#size)
    this.#resolve({ status: this.#status, headers: this.#headers, bytes, failure })
  }

  #finish(): boolean {
    if (this.#done) return false
    this.#done = true
    clearTimeout(this.#timer)
    if (this.#cancel) this.#aborts?.delete(this.#cancel)
    return true
  }
}

function timedOut(handler: Handler): void {
  handler.timedOut()
}

const STOPPED = new Error('stopped')

/** Codes that say the connection could not be made, or broke. */
const CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
])
