import type { About } from './evidence/type.ts'
import type { Installation } from './installation.ts'
import type { TargetSpec } from './model/target.ts'
import type { Progress } from './verb.ts'

/** One run of `avouch assess`: a release, the endpoint that serves it, and where to tell how it goes. */
export type Assessment = {
  installation: Installation
  release: string
  about: Required<Pick<About, 'release' | 'snapshot' | 'configuration'>>
  target: TargetSpec
  /** The file given with `--plan`, absolute; a commitment that finds no section of its own in it uses its default. */
  plan: string | undefined
  /** Requests in flight at most. */
  concurrency: number
  progress(update: Progress): void
  /** A line the reader should see once the step is over: a rate with its interval, a reason. */
  tell(line: string): void
  /** Aborted on Ctrl-C: stop soon, leaving work that a second run resumes. */
  signal: AbortSignal
}
