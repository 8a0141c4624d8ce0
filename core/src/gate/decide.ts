import type { Draft, Logged } from '../evidence/type.ts'
import type { Installation } from '../installation.ts'
import { decisionEvidence } from './evidence.ts'
import { type Verdict, verdictDigest } from './verdict.ts'

type DecisionFields = Parameters<(typeof decisionEvidence)['schema']['parse']>[0] & Record<string, unknown>

/** The draft of a decision on a verdict; unmet obligations that are due before are named as waived when shipping. */
export function draftDecision(
  verdict: Verdict,
  choice: { decision: 'ship' | 'hold'; reason: string; decidedBy: 'person' | 'local' },
  about: Draft<Record<string, unknown>>['about'],
) {
  const unmet = verdict.obligations
    .filter(
      (o) => o.due === 'before' && o.force !== 'may' && (o.status === 'missing' || o.status === 'partly'),
    )
    .map((o) => o.id)
  return {
    type: decisionEvidence,
    about,
    fields: {
      decision: choice.decision,
      reason: choice.reason,
      verdict: verdictDigest(verdict),
      ready: verdict.ready,
      waivers: choice.decision === 'ship' ? unmet : [],
      decidedBy: choice.decidedBy,
    },
    ...(verdict.decision && { supersedes: verdict.decision.id }),
  } satisfies Draft<DecisionFields>
}

/**
 * Records a decision made on the command line: by the local principal, who records and never approves. The evidence
 * says so; a decision under a person's passkey is made in the console.
 */
export async function decideLocally(
  installation: Installation,
  verdict: Verdict,
  decision: 'ship' | 'hold',
  reason: string,
): Promise<Logged> {
  return installation.evidence.append(
    draftDecision(verdict, { decision, reason, decidedBy: 'local' }, { release: verdict.release }),
  )
}
