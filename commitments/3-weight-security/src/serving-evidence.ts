import { egressKinds } from './egress/evidence.ts'

/** What serving weights under leases records. */
export const servingEvidence = [...egressKinds]
