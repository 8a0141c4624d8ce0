import { AvouchError } from '@avouch/core/errors'
import { z } from 'zod'
import type { Shown } from './verifier.ts'

const measured = z.string().regex(/^[a-z0-9-]{1,40}$/)

/** What an environment must show of itself, as the file that `avouch weights environment set` takes. */
export const environmentPolicySchema = z.strictObject({
  /** Null where weights are opened in it without an attestation. */
  attestation: z
    .strictObject({
      /** The name of a verifier. */
      verifier: z.string().regex(/^[a-z0-9-]{1,40}$/),
      /** What it trusts, in PEM. */
      trust: z.string().min(1).max(20_000),
      /** Any of these will do; each names values that must all be just so. */
      measurements: z
        .array(
          z
            .record(measured, z.string().min(1).max(200))
            .refine((one) => Object.keys(one).length > 0, 'it asks for nothing')
            .refine((one) => Object.keys(one).length <= 40, 'it asks for more than 40 values'),
        )
        .min(1)
        .max(100),
      /** How long an attestation counts. */
      maxAgeSeconds: z.int().min(60).max(604_800).default(3600),
    })
    .nullable(),
})
export type EnvironmentPolicy = z.output<typeof environmentPolicySchema>

/** Reads a policy from a file's text. Throws `input`. */
export function readEnvironmentPolicy(text: string, where: string): EnvironmentPolicy {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new AvouchError('input', `the policy is no JSON: ${(cause as Error).message}`, { where, cause })
  }
  const parsed = environmentPolicySchema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new AvouchError('input', z.prettifyError(parsed.error), {
    where,
    fix: 'Write {"attestation": {"verifier", "trust", "measurements": [{NAME: VALUE}], "maxAgeSeconds"}}, or null.',
  })
}

/** Whether what was measured is one of the sets that a policy allows. */
export function allows(
  measurements: readonly Record<string, string>[],
  { measurement }: Pick<Shown, 'measurement'>,
): boolean {
  return measurements.some((one) =>
    Object.entries(one).every(
      ([name, value]) => Object.hasOwn(measurement, name) && measurement[name] === value,
    ),
  )
}

/** In what a new policy lets more pass than the old, in words; empty where in nothing. */
export function looserThan(old: EnvironmentPolicy, next: EnvironmentPolicy): string[] {
  if (old.attestation === null) return []
  if (next.attestation === null) return ['no attestation is asked for any more']
  const [before, after] = [old.attestation, next.attestation]
  const wider = after.measurements.filter((one) => !allows(before.measurements, { measurement: one }))
  return [
    ...(after.verifier === before.verifier ? [] : ['another kind of attestation']),
    ...(after.trust === before.trust ? [] : ['another root or key is trusted']),
    ...(wider.length === 0 ? [] : [`${wider.length} measurements more`]),
    ...(after.maxAgeSeconds <= before.maxAgeSeconds ? [] : ['an attestation counts for longer']),
  ]
}
