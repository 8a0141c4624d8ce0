import type { Database } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { proofBundle } from '@avouch/core/log'
import { trustedKeys } from '@avouch/core/trust'
import { type ProofResult, verifyBundle } from '@avouch/verify'
import { z } from 'zod'
import { breakGlassEvidence } from './break-glass-evidence.ts'
import { grantEvidence, leaseEvidence, type Portion } from './evidence.ts'
import type { LeaseRow } from './store.ts'

type Needs = Pick<Installation, 'config' | 'db' | 'blobs' | 'evidence'>
type LeaseFields = z.output<typeof leaseEvidence.schema> & { purpose: string }

/** Which checkpoint has to cover a grant: the newest that is signed, that witnesses cosigned, or that is published. */
export type Cover = 'signed' | 'witnessed' | 'published'

/** What was proved once stays so: the log only grows. By database, so that installations share nothing. */
const proved = new WeakMap<Database, Map<string, LeaseFields>>()
const MOST_KEPT = 10_000

/**
 * Checks that a lease and what it rests on have inclusion proofs in the log, under a key that this installation trusts
 * and the signatures they need (two people's for a grant, one's for a broken glass), and that the stored row says what
 * the log says. `cover` is the checkpoint that has to include them. Throws `forbidden` where the log does not hold them yet, `proof` where anything contradicts.
 */
export async function provenLease(installation: Needs, row: LeaseRow, cover: Cover): Promise<void> {
  const kept = proved.get(installation.db) ?? new Map<string, LeaseFields>()
  proved.set(installation.db, kept)
  const key = `${row.evidence} ${row.grant_evidence} ${cover}`
  const known = kept.get(key) ?? (await prove(installation, row, cover))
  if (!agrees(known, row))
    throw new AvouchError('proof', 'the stored lease says something else than the log', {
      where: `lease ${row.id}`,
      fix: 'Revoke it, and find out who changed the database.',
    })
  if (kept.size >= MOST_KEPT) kept.clear()
  kept.set(key, known)
}

async function prove(installation: Needs, row: LeaseRow, cover: Cover): Promise<LeaseFields> {
  const where = `lease ${row.id}`
  const result = await bundled(installation, row, cover)
  const failed = result.checks.find(({ ok }) => !ok)
  if (failed) throw new AvouchError('proof', `its proof does not hold: ${failed.detail}`, { where })
  if (!result.trusted)
    throw new AvouchError('proof', 'the log that holds it is signed by a key that is not trusted here', {
      where,
      fix: 'Look at the keys in the folder `trust` of the installation.',
    })
  const [lease, grant] = [row.evidence, row.grant_evidence].map((id) =>
    result.evidence.find((one) => one.id === id),
  )
  if (lease?.predicateType !== leaseEvidence.predicateType || grant === undefined)
    throw new AvouchError('proof', 'the log holds something else in the place of the lease', { where })
  const isGrant = grant.predicateType === grantEvidence.predicateType
  if (!isGrant && grant.predicateType !== breakGlassEvidence.predicateType)
    throw new AvouchError('proof', 'the lease rests on evidence of another kind', { where })
  const people = new Set(grant.signers.filter(({ kind }) => kind === 'person').map(({ keyid }) => keyid))
  const purpose = isGrant ? grantEvidence.schema.parse(grant.view.fields).purpose : 'emergency'
  const fields = { ...leaseEvidence.schema.parse(lease.view.fields), purpose }
  if (people.size < (isGrant ? 2 : 1) || fields.basis !== (isGrant ? 'grant' : 'break-glass'))
    throw new AvouchError('proof', 'what the lease rests on lacks the signatures of people', { where })
  if (!covers(grant.view.fields, fields) || fields.grant !== grant.id)
    throw new AvouchError('proof', 'the lease goes beyond what it rests on', { where })
  return fields
}

async function bundled(installation: Needs, row: LeaseRow, cover: Cover): Promise<ProofResult> {
  try {
    const wanted = [row.evidence, row.grant_evidence].map((id) => ({ id, pointers: 'all' as const }))
    const bundle = await proofBundle(installation, wanted, cover)
    return await verifyBundle(bundle, { trustedKeys: await trustedKeys(installation.config) })
  } catch (cause) {
    if (!(cause instanceof AvouchError) || cause.code !== 'not-found') throw cause
    throw new AvouchError('forbidden', `the lease cannot be proved to stand in the log as it is ${cover}`, {
      where: `lease ${row.id}`,
      fix: FIX[cover],
      cause,
    })
  }
}

const FIX: Record<Cover, string> = {
  signed:
    'Where it was granted a moment ago, try again; else see `avouch doctor`: a process must seal the log.',
  witnessed: 'Leases count once witnesses have cosigned the log: `avouch log witness`.',
  published: 'Leases count once the log is published, which happens daily, or by `avouch log publish`.',
}

const ground = z.object({
  objects: z.array(z.object({ object: z.string(), digest: z.string(), segments: z.array(z.number()) })),
  holder: z.string(),
  environment: z.string(),
  seconds: z.number(),
})

/** Whether a grant gives all of what a lease says. */
function covers(given: unknown, lease: LeaseFields): boolean {
  const parsed = ground.safeParse(given)
  if (!parsed.success) return false
  const { objects, holder, environment, seconds } = parsed.data
  return (
    holder === lease.holder &&
    environment === lease.environment &&
    Date.parse(lease.end) - Date.parse(lease.start) <= seconds * 1000 &&
    objects.some((one) => isSame(one, lease))
  )
}

function isSame(one: { object: string; digest: string; segments: number[] }, other: Portion): boolean {
  return (
    one.object === other.object && one.digest === other.digest && `${one.segments}` === `${other.segments}`
  )
}

function agrees(fields: LeaseFields, row: LeaseRow): boolean {
  return (
    fields.lease === row.id &&
    fields.release === row.model &&
    fields.holder === row.holder &&
    fields.environment === row.environment &&
    fields.purpose === row.purpose &&
    fields.start === row.starts_at.toISOString() &&
    fields.end === row.ends_at.toISOString() &&
    isSame(fields, {
      object: row.object,
      digest: row.digest.toString('hex'),
      segments: [row.first_segment, row.last_segment],
    })
  )
}
