import { createHash } from 'node:crypto'
import { nameOf, type Principal } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { findPolicy, insertPolicy } from '../policy-store.ts'
import { runCases } from './cases.ts'
import { type Policies, readPolicies } from './engine.ts'
import { policyEvidence } from './evidence.ts'
import { CASES, digestOf, policyFolder, readPolicyFiles } from './files.ts'

/** A set that was put in force. */
export type Adopted = { evidence: string; digest: string; policies: Policies; isNew: boolean }

/**
 * Puts the policies of the installation's folder in force and records that, their text attached. What is in force already
 * stays. Throws `input` where a policy is wrong, `conflict` where one of the set's own cases is answered otherwise.
 */
export async function adoptPolicies(installation: Installation, by: Principal): Promise<Adopted> {
  const { config, db, blobs, evidence, now } = installation
  const files = await readPolicyFiles(policyFolder(config))
  const policies = readPolicies(files)
  const cases = files[CASES]
  const wrong =
    cases === undefined
      ? []
      : runCases(policies, cases, CASES).filter(({ expected, answered }) => expected !== answered)
  if (wrong.length > 0)
    throw new AvouchError('conflict', `${wrong.length} of the set's own cases are answered otherwise`, {
      where: `${CASES}, ${wrong[0]!.name}`,
      fix: '`avouch weights policy test` shows them all.',
    })
  const digest = digestOf(files)
  const before = await findPolicy(db)
  if (before?.digest === digest) return { evidence: before.evidence, digest, policies, isNew: false }
  const text = Buffer.from(JSON.stringify(files))
  const blob = `weight-security/policies/${digest}`
  await blobs.put(blob, text)
  const id = await db.kysely.transaction().execute(async (tx) => {
    const accepted = await evidence.accept(tx, {
      type: policyEvidence,
      about: {},
      fields: {
        digest,
        policies: [...policies.policies.keys()],
        cases: cases === undefined ? 0 : runCases(policies, cases, CASES).length,
        reviewEveryDays: policies.settings.reviews.everyDays,
        reviewWithinDays: policies.settings.reviews.withinDays,
        replaces: before?.digest ?? null,
        by: nameOf(by),
      },
      attachments: [
        {
          name: 'policies.json',
          mediaType: 'application/json',
          size: text.length,
          sha256: createHash('sha256').update(text).digest('hex'),
          blob,
        },
      ],
    })
    await insertPolicy(tx, { evidence: accepted.id, digest, files, adoptedAt: now() })
    return accepted.id
  })
  return { evidence: id, digest, policies, isNew: true }
}
