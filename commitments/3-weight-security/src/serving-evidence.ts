import { attestationKinds } from './attestation/evidence.ts'
import { egressKinds } from './egress/evidence.ts'
import { readsEvidence } from './serve/evidence.ts'

/** What serving weights under leases records. */
export const servingEvidence = [...egressKinds, readsEvidence, ...attestationKinds]
