import type { FastifyPluginAsync } from 'fastify'
import type { Assessment } from './assessment.ts'
import type { ApprovalActs } from './auth/approval.ts'
import type { Migrations } from './db/database.ts'
import type { EvidenceType } from './evidence/type.ts'
import type { Claims } from './gate/figure.ts'
import type { Obligation } from './gate/obligation.ts'
import type { Installation } from './installation.ts'
import type { Tour } from './tour.ts'
import type { Verb } from './verb.ts'
import type { Jobs } from './work/job.ts'

/**
 * The whole contract a commitment fulfils. What is heavy is loaded when asked for, so that listing commitments
 * costs nothing: `() => import('./routes.ts')`.
 */
export type Commitment = {
  /** The number in the source document; 0 for scope. */
  number: number
  /** The folder's name without its number, and the package's: `red-teaming`. */
  name: string
  title: string
  promise: string
  obligations: Obligation[]
  /** The predicates it records. */
  evidence?: () => Promise<EvidenceType[]>
  migrations?: () => Promise<Migrations>
  /** Its verb on the command line, such as `red-team`. */
  verb?: { name: string; summary: string; load: () => Promise<Verb> }
  /** Its HTTP routes, mounted under `/api/<name>`. Every route names its permission. */
  routes?: () => Promise<(installation: Installation) => FastifyPluginAsync>
  /** Routes at addresses that others build on, mounted under `/v1/<its verb's name>`. Every route names its permission. */
  v1?: () => Promise<(installation: Installation) => FastifyPluginAsync>
  jobs?: () => Promise<Jobs>
  /** Acts of its area that people approve by passkey: who may, beyond the permission, and what follows. */
  approvals?: () => Promise<ApprovalActs>
  /** A predicate type that anyone recorded → one of its own jobs, run once for each such evidence. */
  reacts?: Record<string, string>
  claims?: () => Promise<Claims>
  /** Its part in `avouch assess`; run in the order of the commitments' numbers. */
  assess?: {
    title: string
    /** The top-level key of a plan file that is this commitment's. */
    section: string
    /** Reads its section of the plan and throws `input` with file and line where it is wrong, before anything is recorded. */
    check: () => Promise<(plan: string, release: string) => Promise<unknown>>
    load: () => Promise<(assessment: Assessment) => Promise<void>>
  }
  /** Its part in `avouch demo` beside what `assess` does: the acts of an example company on the example release. */
  tour?: { title: string; load: () => Promise<(tour: Tour) => Promise<void>> }
}

/** Declares a commitment; checks what types cannot: that ids carry its own number. */
export function defineCommitment(commitment: Commitment): Commitment {
  for (const { id } of commitment.obligations)
    if (!id.startsWith(`${commitment.number}.`))
      throw new TypeError(
        `obligation ${id} does not belong to commitment ${commitment.number} (${commitment.name})`,
      )
  return commitment
}
