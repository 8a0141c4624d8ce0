import { getPerson } from '@avouch/core/auth'
import type { About } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import type { Domain } from '../domain.ts'
import { viewScope, type WorldInScope } from '../driving/scope.ts'
import type { Naming } from './expert.ts'
import { recordOf, type SignedRecord } from './record.ts'
import { type Expert, endOf, type Invitation, listExperts, listInvitations } from './store.ts'

/** An invitation as it is shown to anyone: without the address of the model. */
export type InvitationView = {
  id: string
  about: Required<About>
  model: string
  domains: Domain[]
  systemPrompt: boolean
  /** Simulated worlds that the model may be let act in. */
  worlds: WorldInScope[]
  hoursAgreed: number
  endsAt: string
  /** Whether it stands now. */
  open: boolean
  evidence: string
}

/** An expert as the company sees them. */
export type ExpertView = {
  id: string
  person: string
  name: string
  state: string
  until: string | null
  record: {
    evidence: string
    signedAt: string
    named: Naming | null
    domains: Domain[]
    independent: boolean
  } | null
  invitations: InvitationView[]
}

export async function viewExperts(installation: Installation): Promise<ExpertView[]> {
  const [experts, invitations] = await Promise.all([
    listExperts(installation.db),
    listInvitations(installation.db),
  ])
  return Promise.all(
    experts.map((expert) =>
      viewExpert(
        installation,
        expert,
        invitations.filter((one) => one.expert === expert.id),
      ),
    ),
  )
}

async function viewExpert(
  installation: Installation,
  expert: Expert,
  invitations: Invitation[],
): Promise<ExpertView> {
  const [person, record] = await Promise.all([
    getPerson(installation, expert.person),
    recordOf(installation, expert),
  ])
  return {
    id: expert.id,
    person: person.id,
    name: person.name,
    state: person.state,
    until: person.until?.toISOString() ?? null,
    record: record ? shortRecord(record) : null,
    invitations: await Promise.all(invitations.map((one) => viewInvitation(one, installation.now()))),
  }
}

export async function viewInvitation(invitation: Invitation, now: Date): Promise<InvitationView> {
  const { id, about, target, domains, systemPrompt, worlds, hoursAgreed, evidence } = invitation
  const end = endOf(invitation)
  return {
    id,
    about,
    model: target.model,
    domains,
    systemPrompt,
    worlds: await viewScope(worlds),
    hoursAgreed,
    endsAt: end.toISOString(),
    open: end > now,
    evidence,
  }
}

function shortRecord({ evidence, signedAt, named, domains, independent }: SignedRecord) {
  return {
    evidence,
    signedAt: signedAt.toISOString(),
    named: named ?? null,
    domains: domains ?? [],
    independent: independent === true,
  }
}
