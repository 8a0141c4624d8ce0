/** One message of a conversation, in the shape all adapters share. */
export type Message =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls?: ToolCall[] }
  | { role: 'tool'; content: string; toolCallId: string }

export type ToolCall = {
  id: string
  name: string /** The raw JSON text the model wrote; may be malformed. */
  arguments: string
}
/** `parameters` is a JSON Schema object. */
export type ToolDefinition = { name: string; description: string; parameters: Record<string, unknown> }

export type ModelRequest = {
  messages: Message[]
  tools?: ToolDefinition[]
  maxTokens?: number
  temperature?: number
  seed?: number
  stop?: string[]
}

/** How an exchange ended. Only `answered` may be graded; `refused-by-provider` is a content filter of the service itself. */
export type Outcome = 'answered' | 'refused-by-provider' | 'errored'

export type ModelResponse = {
  outcome: Outcome
  /** Empty unless answered. */
  text: string
  toolCalls: ToolCall[]
  /** The service's word for why it stopped, unmapped: `stop`, `length`, `tool_calls`, `content_filter`. */
  finish: string | undefined
  usage: { inputTokens: number | undefined; outputTokens: number | undefined }
  /** The model or snapshot the service says answered. */
  servedBy: string | undefined
  /** Milliseconds from sending to the last byte, of the last try. */
  latency: number
  /** Calls made, retries included. */
  tries: number
  /** What went wrong, where `errored`: a sentence with status and place, no secret. */
  error: string | undefined
  /** The exact bytes of the last try, for hashing and for the sealed record. No credentials in them. */
  raw: { request: Uint8Array; response: Uint8Array }
}

/** Where a model is reached. Credentials are named by environment variable, never held in plans or evidence. */
export type TargetSpec = {
  adapter: 'openai' | 'anthropic' | 'http'
  /** Base address, such as `http://127.0.0.1:8080/v1`. */
  url: string
  model: string
  /** Name of the environment variable that holds the key. */
  keyVariable?: string
  headers?: Record<string, string>
  /** For `http`: body with `{{prompt}}`, `{{messages}}`, `{{model}}` placed in it, and JSON pointers into the answer. */
  template?: { method?: 'POST' | 'GET'; body: unknown; textPointer: string; errorPointer?: string }
  stream?: boolean
  /** Requests in flight at most; default 16. */
  concurrency?: number
  requestsPerMinute?: number
  tokensPerMinute?: number
  /** Whole exchange, one try; default 120 000 ms. */
  timeoutMs?: number
  /** Response bytes at most; default 8 MiB. */
  maxResponseBytes?: number
  /** Tries at most where retrying is safe (no answer yet, 408, 429, 5xx); default 5. */
  maxTries?: number
  /** Loopback, private and link-local addresses are refused unless allowed here; checked before and after resolving. */
  allowPrivate?: boolean
}

/** A model that can be asked. One pool of connections and one limiter per target and process. */
export type Target = {
  spec: TargetSpec
  /** Never throws for what the service did: that is in `outcome`. Throws only on abort and for a spec it cannot use. */
  ask(request: ModelRequest, signal?: AbortSignal): Promise<ModelResponse>
  close(): Promise<void>
}
