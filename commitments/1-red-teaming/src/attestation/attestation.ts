import { RELEASE_NAME } from '@avouch/core/gate'
import { z } from 'zod'
import { DOMAINS } from '../domain.ts'

/** Who tests under their own roof. */
export const ORGANISATION_KINDS = ['contractor', 'government', 'academic', 'civil-society'] as const

/** What they did: attack by hand or machine, compare people with and without the model, or put questions that nobody else sees. */
export const METHODS = ['red-teaming', 'uplift-study', 'sealed-evaluation'] as const

const line = z.string().trim().min(1).max(500)
const text = z.string().trim().max(20_000)
const hours = z.number().min(0).max(1_000_000)

/** The file that an organisation fills in and signs. */
export const attestationSchema = z
  .strictObject({
    attestation: z.literal('avouch/v1'),
    organisation: line,
    kind: z.enum(ORGANISATION_KINDS),
    release: z.string().regex(RELEASE_NAME, 'a release is written NAME@VERSION'),
    snapshot: z
      .string()
      .max(500)
      .regex(
        /^(sha256:[0-9a-f]{64}|id:\S+)$/,
        'is sha256:… of the weights, or id:… as the provider names it',
      ),
    configuration: z.enum(['bare', 'safeguarded', 'product']),
    method: z.enum(METHODS),
    domains: z
      .array(z.enum(DOMAINS))
      .min(1)
      .max(DOMAINS.length)
      .transform((all) => DOMAINS.filter((domain) => all.includes(domain))),
    from: z.iso.date(),
    to: z.iso.date(),
    /** Hours of people's work, by domain. */
    hours: z.partialRecord(z.enum(DOMAINS), hours),
    people: z.int().min(1).max(100_000),
    /** Their field and what makes them experts of it. */
    field: line,
    independence: z.strictObject({
      /** Owned or controlled by the company whose model it is. */
      controlled: z.boolean(),
      /** Holds shares in it, or gains when it does. */
      stake: z.boolean(),
      paidBy: z.enum(['nobody', 'company', 'other']),
      statement: text.default(''),
    }),
    /** What was imposed on them: access, tools, time, what they may tell. */
    restrictions: text.default(''),
    /** The report they wrote, which may stay with them. */
    report: z
      .strictObject({
        sha256: z
          .string({ error: 'is text: put the digest in quotes' })
          .regex(/^[0-9a-f]{64}$/, 'is the SHA-256 of the report, in hex'),
        held: z.enum(['organisation', 'company', 'public']),
      })
      .optional(),
    /** What they found, as far as they want to say it. */
    statement: text,
  })
  .superRefine(({ from, to, hours: worked, domains, people }, context) => {
    if (from > to) context.addIssue({ code: 'custom', path: ['to'], message: 'lies before from' })
    else {
      const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1
      const stated = Object.values(worked).reduce((sum, one) => sum + one, 0)
      if (stated > 24 * days * people)
        context.addIssue({
          code: 'custom',
          path: ['hours'],
          message: `are ${stated}, and ${people} people have ${24 * days * people} in these days`,
        })
    }
    for (const domain of Object.keys(worked))
      if (!domains.some((one) => one === domain))
        context.addIssue({
          code: 'custom',
          path: ['hours', domain],
          message: 'is no domain of this attestation',
        })
  })
export type Attestation = z.output<typeof attestationSchema>

/** Whether an organisation's ties leave it independent of the company. Pay for the work is stated and does not end it. */
export function organisationIsIndependent({ controlled, stake }: Attestation['independence']): boolean {
  return !controlled && !stake
}

/** A file to fill in. */
export const TEMPLATE = `# What an organisation that tests a model under its own roof attests. Fill it in, sign the file exactly as it is, and
# send file, signature and public key. For example, with an SSH key:
#   ssh-keygen -Y sign -n avouch-attestation -f KEY FILE
attestation: avouch/v1
organisation: Example Institute
kind: government             # ${ORGANISATION_KINDS.join(', ')}
release: example-model@2.0
snapshot: id:example-model-2.0   # sha256:… of the weights, or id:… as the provider names it
configuration: safeguarded   # bare, safeguarded, product
method: red-teaming          # ${METHODS.join(', ')}
domains: [cyber]             # ${DOMAINS.join(', ')}
from: 2026-01-05
to: 2026-01-16
hours:                       # of people's work, by domain
  cyber: 60
people: 3
field: offensive security
independence:
  controlled: false          # owned or controlled by the company whose model it is
  stake: false               # holds shares in it, or gains when it does
  paidBy: nobody             # nobody, company, other
  statement: >-
    No tie to the company beyond this test.
restrictions: >-
  Access through the public interface; no weights; two weeks.
report:                      # leave it out if there is none
  sha256: "0000000000000000000000000000000000000000000000000000000000000000"
  held: organisation         # organisation, company, public
statement: >-
  What was found, as far as you want to say it; no operational detail.
`
