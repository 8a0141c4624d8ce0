import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { attestationEvidence } from './evidence.ts'
import { allows, type EnvironmentPolicy } from './policy.ts'
import {
  type Challenge,
  findAttestation,
  findEnvironment,
  insertAttestation,
  insertChallenge,
  lockChallenge,
  useChallenge,
} from './store.ts'
import { MOST_BYTES, type Shown, type Verifier } from './verifier.ts'
import { verifierNamed } from './verifiers.ts'

/** How long an environment has to answer. */
const ANSWER_MS = 5 * 60_000
/** How far a document's clock may stand from ours. */
const SKEW_MS = 5 * 60_000

type Needs = Pick<Installation, 'db' | 'blobs' | 'evidence' | 'now'>
type Asked = NonNullable<EnvironmentPolicy['attestation']>

/** A nonce that an environment is to put into its attestation. Throws `not-found` where nothing is asked of it. */
export async function challenge(
  { db, now }: Pick<Installation, 'db' | 'now'>,
  environment: string,
): Promise<Pick<Challenge, 'id' | 'nonce' | 'endsAt'>> {
  await policyOf(db, environment)
  const at = now()
  const made = { id: randomUUID(), nonce: randomBytes(32), endsAt: new Date(at.getTime() + ANSWER_MS) }
  await insertChallenge(db, { ...made, environment, usedAt: null }, at)
  return made
}

export type Attested = { id: string; token: string; endsAt: Date; evidence: string }

/**
 * Takes the answer to a challenge: one document, once. Where it holds and its environment's policy allows what it shows,
 * that is evidence (the document attached; about `release`, where one is named), and whoever sent it gets a token that
 * speaks for the environment until it ends. Throws `forbidden` with what is not as it should be.
 */
export async function attest(
  installation: Needs,
  answer: { challenge: string; document: Buffer; release?: string },
): Promise<Attested> {
  const { db, evidence, now, blobs } = installation
  const { document, release } = answer
  if (document.length > MOST_BYTES)
    throw new AvouchError('limit', `an attestation has ${MOST_BYTES} bytes at most`, { where: 'document' })
  const asked = await takeChallenge(installation, answer.challenge)
  const { policy, evidence: policyEvidence } = await policyOf(db, asked.environment)
  const verifier = await verifierNamed(policy.verifier)
  const shown = verifier.verify(document, { trust: policy.trust, now: now() })
  check(shown, asked, policy, now())
  const at = now()
  const made = {
    ...{ id: randomUUID(), environment: asked.environment, policy: policyEvidence, madeAt: at },
    endsAt: new Date(at.getTime() + policy.maxAgeSeconds * 1000),
  }
  const token = randomBytes(32).toString('base64url')
  const sha256 = createHash('sha256').update(document).digest('hex')
  const blob = `attestations/${made.id}`
  await blobs.put(blob, document)
  const accepted = await db.kysely.transaction().execute(async (tx) => {
    const one = await evidence.accept(tx, {
      type: attestationEvidence,
      about: release === undefined ? {} : { release },
      fields: fieldsOf(made, verifier, shown, sha256),
      attachments: [
        { name: 'attestation', mediaType: 'application/octet-stream', size: document.length, sha256, blob },
      ],
    })
    await insertAttestation(tx, { ...made, evidence: one.id, tokenHash: hashOf(token) })
    return one
  })
  await evidence.logged([accepted.id])
  return { id: made.id, token, endsAt: made.endsAt, evidence: accepted.id }
}

/**
 * The attestation that a token stands for, where this environment needs one: null where it needs none. Throws
 * `forbidden` where the token is missing, of another environment, at its end, or of a policy that no longer is.
 */
export async function checkAttested(
  { db, now }: Pick<Installation, 'db' | 'now'>,
  environment: string,
  token: string | undefined,
): Promise<string | null> {
  const row = await findEnvironment(db, environment)
  if (row === undefined || row.policy.attestation === null) return null
  const found = token === undefined ? undefined : await findAttestation(db, hashOf(token))
  const why =
    token === undefined
      ? 'it has to attest first'
      : found?.environment !== environment
        ? 'this is no attestation of it'
        : found.policy !== row.evidence
          ? 'its policy changed since it attested'
          : now() >= found.endsAt || now() < found.madeAt
            ? 'its attestation has ended'
            : undefined
  if (why === undefined && found) return found.id
  throw new AvouchError(
    'forbidden',
    `weights are opened in the environment ${environment} only once it attested: ${why}`,
    {
      where: `environment ${environment}`,
      fix: 'Have it attest: avouch weights attest challenge, then attest submit.',
    },
  )
}

function fieldsOf(
  { id, environment, policy, endsAt }: { id: string; environment: string; policy: string; endsAt: Date },
  { name, missing }: Verifier,
  { measurement }: Shown,
  document: string,
) {
  const until = endsAt.toISOString()
  return { attestation: id, environment, verifier: name, policy, measurement, document, until, missing }
}

/** A challenge counts once, whatever comes of it: who guesses gets no second try at the same nonce. */
async function takeChallenge({ db, now }: Pick<Installation, 'db' | 'now'>, id: string): Promise<Challenge> {
  return db.kysely.transaction().execute(async (tx) => {
    const found = await lockChallenge(tx, id)
    if (found === undefined || found.usedAt !== null || now() >= found.endsAt)
      throw new AvouchError('forbidden', 'this challenge is not known, answered already, or too old', {
        where: 'challenge',
        fix: 'Ask for another; each counts once, for five minutes.',
      })
    await useChallenge(tx, id, now())
    return found
  })
}

async function policyOf(
  db: Installation['db'],
  environment: string,
): Promise<{ policy: Asked; evidence: string }> {
  const row = await findEnvironment(db, environment)
  if (row !== undefined && row.policy.attestation !== null)
    return { policy: row.policy.attestation, evidence: row.evidence }
  throw new AvouchError(
    'not-found',
    'nothing is asked of this environment, so that it has nothing to attest',
    {
      where: `environment ${environment}`,
      fix: 'Say what it must show: avouch weights environment set NAME FILE --reason TEXT',
    },
  )
}

function check(shown: Shown, asked: Challenge, policy: Asked, now: Date): void {
  const why = !shown.nonce.equals(asked.nonce)
    ? 'it does not answer this challenge'
    : shown.environment !== undefined && shown.environment !== asked.environment
      ? 'it is of another environment'
      : shown.at !== undefined && Math.abs(shown.at.getTime() - now.getTime()) > SKEW_MS
        ? 'it was made at another time'
        : !allows(policy.measurements, shown)
          ? 'the policy does not allow what it measured'
          : undefined
  if (why !== undefined)
    throw new AvouchError('forbidden', `the attestation is genuine, but ${why}`, {
      where: `environment ${asked.environment}`,
      fix: 'Put the environment right, or have its policy changed.',
    })
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
