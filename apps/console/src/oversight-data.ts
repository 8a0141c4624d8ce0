import { queryOptions } from '@tanstack/react-query'
import { ask } from './api.ts'

/** A name in events that stands for somebody who is enrolled here. */
export type Identity = { name: string; person: string; evidence: string; since: string }
/** Who signs models for the company; `signer` is a SHA-256 in hex. */
export type Signer = { name: string; method: 'key' | 'certificate'; signer: string }
/** What became of a change of the list: those who are added wait for two people. */
export type Pinning = { state: 'in-force' | 'proposed' }

const get = <T>(name: string) =>
  queryOptions({ queryKey: ['weights', name], queryFn: () => ask<T>(`/weight-security/${name}`) })

export const oversightQuestions = {
  identities: get<{ identities: Identity[] }>('identities'),
  signers: get<{ signers: Signer[]; evidence: string | null }>('signers'),
}

/** Says whom a name stands for; null where it is nobody any more. */
export function linkIdentity(name: string, person: string | null): Promise<unknown> {
  return ask('/weight-security/identities', { method: 'PUT', body: { name, person } })
}

export function pinSigner(wanted: { name: string; pem: string; reason: string }): Promise<Pinning> {
  return ask('/weight-security/signers', { body: wanted })
}

export function unpinSigner(signer: string, reason: string): Promise<Pinning> {
  return ask('/weight-security/signers/removal', { body: { signer, reason } })
}
