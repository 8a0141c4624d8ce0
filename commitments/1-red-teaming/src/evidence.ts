import { ledgerSchema } from '@avouch/core/campaign'
import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'
import { AGENTIC_EACH, agentic } from './agentic/evidence.ts'
import { DOMAINS } from './domain.ts'
import { PLACES } from './imported.ts'
import { counts, coverage, NUMBERS_EACH, numbers, rate } from './numbers/evidence.ts'
import { SEVERITIES } from './probe.ts'

const count = z.int().nonnegative()
const hex = z.string().regex(/^[0-9a-f]{64}$/)

/** The graders of a campaign; `digest` is SHA-256 (hex) of what one goes by. */
const judges = z.array(z.object({ name: z.string(), version: z.string(), digest: z.string().optional() }))

/** Whose verdicts each rate counts: names of `judges`, by the field and the member where the rate stands. */
const judgedBy = z.record(z.string(), z.record(z.string(), z.array(z.string())))

const finding = z.object({
  id: z.string(),
  domain: z.enum(DOMAINS),
  behaviour: z.string(),
  severity: z.enum(SEVERITIES),
  cluster: z.string(),
  strategy: z.string(),
  breaches: count,
  trials: count,
})

const regressionItem = z.object({
  /** The id of the flaw; it says nothing of what it is. */
  flaw: z.string(),
  domain: z.enum(DOMAINS),
  severity: z.enum(SEVERITIES),
  state: z.enum(['held', 'broken', 'not-run', 'ungraded']),
  planned: count,
  executed: count,
  graded: count,
  breaches: count,
  /** Benign twins of it that were judged, and that were declined. */
  twins: count,
  declined: count,
})

const sealedPack = z.object({
  /** SHA-256 (hex) of the header that its author signed. */
  digest: hex,
  domain: z.enum(DOMAINS),
  /** SHA-256 (hex) of the author's public key. */
  author: hex,
  behaviours: count,
  behavioursGraded: count,
  planned: count,
  executed: count,
  graded: count,
  breaches: count,
})

/**
 * What came of a red-teaming campaign by the company itself. Rates are breaches among graded attempts at attacks;
 * over-refusal is refusals among graded answers to harmless questions. No prompt and no answer is in it.
 */
export const campaignResult = defineEvidence('red-teaming/campaign-result/v1', {
  title: 'Red-teaming campaign',
  schema: z.object({
    campaign: z.uuid(),
    planDigest: hex,
    ledger: ledgerSchema,
    /** Domains in which at least one attempt was graded. */
    domains: z.array(z.enum(DOMAINS)),
    internal: z.boolean(),
    /** The role of who ran it. */
    runBy: z.string(),
    /**
     * Whether the rates here are corrected for the graders' error. They never are: they stand as they were graded, and
     * are corrected wherever they are read, by the newest calibration of the very graders in `judges`.
     */
    graderErrorKnown: z.boolean(),
    judges: judges.optional(),
    judgedBy: judgedBy.optional(),
    /** By domain: behaviours planned, and those among them that do not stand so in the packs that come with Avouch. */
    ownBehaviours: z.partialRecord(z.enum(DOMAINS), z.object({ own: count, of: count })).optional(),
    /** By domain. */
    coverage: z.partialRecord(z.enum(DOMAINS), coverage),
    rates: z.partialRecord(z.enum(DOMAINS), rate),
    counts: z.partialRecord(z.enum(DOMAINS), counts),
    /** By strategy. */
    strategyRates: z.record(z.string(), rate),
    strategyCounts: z.record(z.string(), counts),
    /** By domain, and `all`. */
    overRefusal: z.record(z.string(), rate),
    overRefusalCounts: z.record(z.string(), counts),
    ...numbers,
    ...agentic,
    findings: z.array(finding),
    /** Reported flaws that were asked again, in counts of flaws; they are in no rate and in no coverage above. */
    regressions: z.object({ flaws: count, run: count, brokenAgain: count, notRun: count }).optional(),
    regressionItems: z.array(regressionItem).optional(),
    /** Expert packs that came sealed, in totals; their attempts count in the domain's rates like others. */
    sealedPacks: z.array(sealedPack).optional(),
    /** SHA-256 (hex) of the canonical JSON of each domain's prompts, in the order of the plan; of a sealed probe, its salted digest. */
    prompts: z.partialRecord(z.enum(DOMAINS), hex),
    strategies: z.array(z.string()),
    graders: z.array(z.string()),
    /** Of the model under test; what attackers, translators and judges cost stands beside. `modelSeconds` is its time to answer. */
    cost: z.object({
      calls: count,
      inputTokens: count,
      outputTokens: count,
      helperCalls: count.optional(),
      helperTokens: count.optional(),
      modelSeconds: z.number().nonnegative().optional(),
    }),
    time: z.object({
      startedAt: z.iso.datetime(),
      endedAt: z.iso.datetime(),
      seconds: z.number().nonnegative(),
    }),
  }),
  open: [
    'campaign',
    'planDigest',
    'ledger',
    'domains',
    'internal',
    'graderErrorKnown',
    'sealedPacks',
    'regressions',
  ],
  each: [
    'judgedBy',
    'coverage',
    'rates',
    'counts',
    'strategyRates',
    'strategyCounts',
    'overRefusal',
    'overRefusalCounts',
    ...NUMBERS_EACH,
    ...AGENTIC_EACH,
    'findings',
    'prompts',
  ],
})

export type CampaignResult = z.infer<typeof campaignResult.schema>
export type CampaignFinding = CampaignResult['findings'][number]
export type Coverage = NonNullable<CampaignResult['coverage'][keyof CampaignResult['coverage']]>
export type Rate = CampaignResult['overRefusal'][string]

const places = z.enum([...DOMAINS, ...PLACES])

const importedFinding = z.object({
  id: z.string(),
  domain: places,
  probe: z.string(),
  severity: z.enum(SEVERITIES),
  breaches: count,
  trials: count,
})

/**
 * What another tool found, recomputed from its rows: one file, one piece of evidence. Rates are breaches among graded
 * attempts, by domain; what belongs to no domain that is known stands under `unmapped` and serves no obligation. No prompt and no answer is in it; the file is kept sealed.
 */
export const importResult = defineEvidence('red-teaming/import/v1', {
  title: 'Imported red-teaming',
  schema: z.object({
    import: z.uuid(),
    tool: z.string(),
    toolVersion: z.string(),
    form: z.string(),
    /** What the file says was tested; null where it does not tell. Absent in imports of earlier versions. */
    target: z.string().nullable().optional(),
    file: z.object({ name: z.string(), size: count, sha256: hex }),
    /** SHA-256 over the rows that were counted: the same run in another file is known by it. Absent in earlier imports. */
    rowsDigest: hex.optional(),
    ledger: z.object({
      planned: count,
      executed: count,
      graded: count,
      errored: count,
      refusedByProvider: count,
      notRun: count,
      partial: count,
      supersededErrors: count,
    }),
    /** Whether the file tells what was planned; otherwise `planned` is what has a row. */
    plannedKnown: z.boolean(),
    domains: z.array(z.enum(DOMAINS)),
    internal: z.boolean(),
    graderErrorKnown: z.boolean(),
    judges: judges.optional(),
    judgedBy: judgedBy.optional(),
    coverage: z.partialRecord(places, coverage),
    rates: z.partialRecord(places, rate),
    counts: z.partialRecord(places, counts),
    strategyRates: z.record(z.string(), rate),
    strategyCounts: z.record(z.string(), counts),
    findings: z.array(importedFinding),
    mapping: z.record(z.string(), places),
    verdictRule: z.string(),
    /** Differences to the file's own totals, and what could not be read as meant. */
    notes: z.array(z.string()),
  }),
  open: [
    'import',
    'tool',
    'toolVersion',
    'form',
    'file',
    'ledger',
    'plannedKnown',
    'domains',
    'internal',
    'graderErrorKnown',
  ],
  each: ['judgedBy', 'coverage', 'rates', 'counts', 'strategyRates', 'strategyCounts', 'findings'],
})

export type ImportResult = z.infer<typeof importResult.schema>
export type ImportedFinding = z.infer<typeof importedFinding>
