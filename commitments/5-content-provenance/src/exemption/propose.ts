import { type ApprovalRequest, listApprovals, type Principal, requestApproval } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { z } from 'zod'
import { type Maker, readMaker, releaseOf } from '../content.ts'
import { exemptionEvidence } from '../evidence.ts'

/** The act that two people approve: any who have `content-provenance:approve`, save who asked. */
export const EXEMPT_ACT = 'content-provenance/exempt'

/** What somebody writes down of a class of content that is not to be marked. All of it fits the sentence that is signed. */
export const exemptionDraft = z.object({
  model: z.string().max(400).describe('SERVICE/NAME@VERSION, such as voices/example-model@2.0'),
  class: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'write it in small letters, digits and dashes: default-voice')
    .describe('A short name, such as default-voice'),
  description: z.string().trim().min(1).max(500).describe('What the content is'),
  reason: z
    .string()
    .trim()
    .min(20)
    .max(900)
    .describe('How anyone tells it apart, or by what it was made to be recognised'),
})
export type ExemptionDraft = z.infer<typeof exemptionDraft>

/** The release whose content it is: an exemption of no release would count nowhere. Throws `usage`. */
function bound(maker: Maker): string {
  const release = releaseOf(maker)
  if (release !== undefined) return release
  throw new AvouchError('usage', 'content is exempt for a release, and this model is none', {
    where: 'model',
    fix: 'Write SERVICE/NAME@VERSION, such as voices/example-model@2.0.',
  })
}

/**
 * Asks two people to sign that content of a class is not marked; until they have, all of it is to be. Throws `usage`
 * where it is of no release, `conflict` while the same waits already.
 */
export async function proposeExemption(
  installation: Installation,
  by: Principal,
  draft: ExemptionDraft,
): Promise<ApprovalRequest> {
  const { class: name, description, reason } = draft
  const maker = readMaker(draft.model)
  const release = bound(maker)
  const waiting = (await waitingExemptions(installation)).find(
    (one) => one.class === name && one.release === release,
  )
  if (waiting)
    throw new AvouchError('conflict', `an exemption of ${name} waits for signatures already`, {
      where: `approval ${waiting.request.id}`,
      fix: 'Have it signed under Approvals, or let it lapse.',
    })
  return requestApproval(installation, by, {
    act: EXEMPT_ACT,
    summary: `Leave content of ${maker.service}/${release} unmarked where it is of the class ${name}: ${description} Reason: ${reason}`,
    draft: {
      type: exemptionEvidence,
      about: { release },
      fields: { class: name, description, reason, ends: false },
    },
  })
}

const proposed = z.object({
  predicate: z.object({
    about: z.object({ release: z.string() }),
    fields: z.object({ class: z.string() }),
  }),
})

/** Exemptions that wait for signatures. */
export async function waitingExemptions({
  db,
  now,
}: Pick<Installation, 'db' | 'now'>): Promise<
  { class: string; release: string; request: ApprovalRequest }[]
> {
  return (await listApprovals({ db }))
    .filter(
      ({ act, approvedAt, expiresAt }) => act === EXEMPT_ACT && approvedAt === undefined && expiresAt > now(),
    )
    .map((request) => {
      const { about, fields } = proposed.parse(JSON.parse(request.statement)).predicate
      return { class: fields.class, release: about.release, request }
    })
}
