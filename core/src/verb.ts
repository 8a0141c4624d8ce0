import type { z } from 'zod'
import type { Installation } from './installation.ts'

/** What a verb may do to the outside: results on stdout, progress on stderr, and nothing else. */
export type Terminal = {
  /** True with `--json`: `result` prints the value and `say` prints nothing. */
  json: boolean
  /** One line for a person, on stdout; silent with `--json`. */
  say(line: string): void
  /** The one JSON document of this run; printed only with `--json`. */
  result(value: unknown): void
  /** Progress on stderr: a bar on a terminal, a line every few seconds elsewhere. */
  progress(update: Progress): void
}

export type Progress = { task: string; done: number; total: number; /** Shown beside it, such as "3 breaches". */ note?: string }

/** A subcommand: `avouch <verb> <name>`. Returns the exit status: 0 done or yes, 1 done and the answer is no. */
export type Subcommand = {
  summary: string
  /** Positional arguments, in order: name → what it is. Names ending in `?` may be left out. */
  positionals?: Record<string, string>
  /** `--name`: its Zod schema gives type, default and help (`.describe()`). A boolean takes no value. */
  options?: z.ZodRawShape
  run(context: { installation: Installation; terminal: Terminal; args: Record<string, string | undefined>; options: Record<string, unknown>; signal: AbortSignal }): Promise<0 | 1>
}

export type Verb = Record<string, Subcommand>
