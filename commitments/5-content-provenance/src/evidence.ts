import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'
import { robustnessEvidence } from './robustness/evidence.ts'

const name = z.string().min(1).max(201)
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER)

/** How a service marks what it makes: recorded before its first mark, and again when it changes. */
const service = z.object({
  service: name,
  model: name,
  /** The number that its watermarks carry. */
  number: z.int().min(1).max(65_535),
  /** What is put into content, and what it says. */
  layers: z.object({
    watermark: z.object({
      algorithm: z.string().max(100),
      /** Bits by what they stand for; none stands for a person. */
      bits: z.object({ service: count, contentId: count, authentication: count }),
      /** A bound on false accepts in one check, as minus its decimal logarithm. */
      falseAcceptDigits: z.number().min(0).max(100),
    }),
    manifest: z
      .object({
        standard: z.string().max(40),
        /** SHA-256 of the signer's certificate. */
        signer: z.string().regex(/^[0-9a-f]{64}$/),
        timeStamped: z.boolean(),
      })
      .nullable(),
    register: z.object({ fingerprint: z.string().max(100) }),
  }),
})

export const serviceEvidence = defineEvidence('content-provenance/service/v1', {
  title: 'Marking service',
  schema: service,
  open: ['number'],
})

/** What a service marked in a stretch of time: counts, never single pieces. */
const marking = z.object({
  service: name,
  model: name,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  marked: count,
  /** Of these, how many carry each layer. */
  layers: z.object({ watermark: count, manifest: count, register: count }),
  kinds: z.record(z.string().max(20), count),
  /** Came in and went out unmarked, as an error: refused for what it was, or failed. */
  refused: count,
  failed: count,
})
export type Marking = z.infer<typeof marking>

export const markingEvidence = defineEvidence('content-provenance/marking/v1', {
  title: 'Marked content',
  schema: marking,
})

/** Content of a class that is not marked, and why that is right. */
const exemption = z.object({
  /** A short name such as `default-voice`. */
  class: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/),
  description: z.string().min(1).max(2_000),
  /** How anyone tells this content apart, or by what it was designed to be recognised. */
  reason: z.string().min(20).max(4_000),
  ends: z.boolean(),
})

export const exemptionEvidence = defineEvidence('content-provenance/exemption/v1', {
  title: 'Exempt content',
  schema: exemption,
  open: ['class'],
})

/** What marks and register can hold, looked up in the running system, and whether any of it is about a person. */
const privacy = z.object({
  /** Columns of the register as the database has them: `table.column`. */
  columns: z.array(z.string().max(130)).max(500),
  /** Bits of the watermark's payload by what they stand for. */
  watermarkBits: z.record(z.string().max(40), count),
  /** Every member of a manifest made for this check: JSON pointers. */
  manifestMembers: z.array(z.string().max(300)).max(2_000),
  /** Of all these, what is on no list of things that are about no person. */
  unexpected: z.array(z.string().max(300)).max(2_500),
  /** What is known to be so all the same. */
  caveats: z.array(z.string().max(500)).max(20),
})
export type Privacy = z.infer<typeof privacy>

export const privacyEvidence = defineEvidence('content-provenance/privacy/v1', {
  title: 'What marks hold',
  schema: privacy,
  open: ['unexpected'],
})

/** Whether the public check answers, and rightly: tried from outside on pictures that were made for it. */
const detection = z.object({
  /** Where it was asked, without a path. */
  url: z.url({ protocol: /^https?$/ }).max(500),
  /** Marked pictures, and as how many of them it said ours. */
  marked: z.object({ tried: count, found: count }),
  /** Unmarked pictures, and of how many of them it said ours all the same. */
  unmarked: z.object({ tried: count, found: count }),
  /** It gave no answer. */
  errors: count,
})

export const detectionEvidence = defineEvidence('content-provenance/detection/v1', {
  title: 'Detection tried',
  schema: detection,
  open: ['url'],
})

/** Test files of others, read: whether each is judged as it was made to be. */
const conformance = z.object({
  standard: z.string().max(40),
  /** Where the files come from. */
  source: z.string().min(1).max(300),
  files: z
    .array(
      z.object({
        name: z.string().max(200),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        expected: z.enum(['valid', 'invalid']),
        read: z.enum(['valid', 'invalid', 'absent', 'unreadable']),
      }),
    )
    .min(1)
    .max(1_000),
  agreed: count,
})
export type Conformance = z.infer<typeof conformance>

export const conformanceEvidence = defineEvidence('content-provenance/conformance/v1', {
  title: 'C2PA conformance',
  schema: conformance,
  open: ['standard', 'agreed'],
})

/** C2PA's Soft Binding Resolution API, asked from outside: whether each answer is as the standard has it. */
const resolution = z.object({
  standard: z.string().max(60),
  /** Where it was asked, without a path. */
  url: z.url({ protocol: /^https?$/ }).max(500),
  checks: z
    .array(z.object({ name: z.string().max(100), holds: z.boolean(), answered: z.string().max(100) }))
    .min(1)
    .max(100),
  agreed: count,
})
export type Resolution = z.infer<typeof resolution>

export const resolutionEvidence = defineEvidence('content-provenance/resolution/v1', {
  title: 'C2PA resolution API tried',
  schema: resolution,
  open: ['standard', 'url', 'agreed'],
})

/** Work with others on a shared framework: a membership, a contribution. On somebody's word, with its document. */
const participation = z.object({
  body: z.string().min(1).max(300),
  kind: z.enum(['membership', 'contribution']),
  what: z.string().min(1).max(2_000),
  since: z.iso.date(),
  /** SHA-256 of the document that shows it. */
  document: z.string().regex(/^[0-9a-f]{64}$/),
})

export const participationEvidence = defineEvidence('content-provenance/participation/v1', {
  title: 'Work on a shared framework',
  schema: participation,
  open: ['body', 'kind', 'since'],
})

export const contentEvidence = [
  serviceEvidence,
  markingEvidence,
  exemptionEvidence,
  privacyEvidence,
  detectionEvidence,
  conformanceEvidence,
  resolutionEvidence,
  participationEvidence,
  ...robustnessEvidence,
]
