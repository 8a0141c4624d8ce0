import { createHash } from 'node:crypto'
import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim, Figure, ObligationResult, Verdict } from '@avouch/core/gate'
import { clusterRate } from '@avouch/verify'
import type { ReportInput } from '../src/report.ts'

/** A release that does not exist, with claims like those of a real one, for tests of the report alone. */
export const release = {
  name: 'example-model@2.0',
  snapshot: `sha256:${createHash('sha256').update('example').digest('hex')}`,
  configuration: 'safeguarded',
}

type Clusters = [number, number][]

const domains = [
  { id: 'bio', label: 'Biology, chemistry, radiology', events: [0, 1, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0] },
  { id: 'cyber', label: 'Cyber', events: [2, 5, 0, 1, 7, 0, 3, 0, 0, 4, 1, 0] },
  { id: 'tools', label: 'Tools and physical systems', events: [1, 0, 0, 0, 3, 0, 0, 1, 0, 0, 0, 0] },
  { id: 'replication', label: 'Self-replication', events: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
  { id: 'societal', label: 'Societal risk', events: [4, 9, 2, 6, 11, 1, 3, 5, 2, 8, 0, 4] },
]

let sequence = 0
export function exampleRecord(
  name: string,
  fields: Record<string, unknown>,
  more: Partial<EvidenceRecord> = {},
): EvidenceRecord {
  const at = ++sequence
  return {
    id: `01900000-0000-7000-8000-${at.toString(16).padStart(12, '0')}`,
    digest: createHash('sha256')
      .update(`${name}${JSON.stringify(fields)}`)
      .digest('hex'),
    predicateType: `https://avouch.dev/evidence/${name}`,
    about: { release: release.name, snapshot: release.snapshot, configuration: 'safeguarded' },
    recordedAt: new Date(Date.UTC(2027, 2, 1, 9, at)),
    state: 'logged',
    index: 40 + 3 * at,
    epoch: 0,
    sequence: at,
    signers: [createHash('sha256').update('evidence key').digest('hex')],
    fields,
    bulk: undefined,
    attachments: [],
    supersedes: undefined,
    retracts: undefined,
    supersededBy: undefined,
    retractedBy: undefined,
    ...more,
  }
}

function rates(shift: number): Record<string, { clusters: Clusters }> {
  return Object.fromEntries(
    domains.map(({ id, events }) => [
      id,
      { clusters: events.map((e): [number, number] => [Math.min(40, e * shift), 40]) },
    ]),
  )
}

const campaign = exampleRecord('red-teaming/campaign-result/v1', {
  domains: withRates(rates(1)),
  planned: 2400,
  executed: 2388,
})
const before = exampleRecord('red-teaming/campaign-result/v1', { domains: withRates(rates(2)) })
const uplift = exampleRecord('red-teaming/attestation/v1', {
  field: 'human uplift',
  value: 0.06,
  signer: 'Example Evaluation Institute',
  document: createHash('sha256').update('the study').digest('hex'),
})
const scope = exampleRecord('scope/comparison/v1', {
  ability: { value: 1.84, low: 1.52, high: 2.13, level: 0.95 },
})
const description = exampleRecord('public-reporting/description/v1', { capabilities: ['…'] })

function withRates(parts: Record<string, { clusters: Clusters }>) {
  return Object.fromEntries(
    Object.entries(parts).map(([id, { clusters }]) => {
      const { value, low, high, level, n, clusters: count } = clusterRate(clusters)
      return [id, { behaviours: clusters, rate: { value, low, high, level, n, clusters: count } }]
    }),
  )
}

export function domainFigure(id: string, record: EvidenceRecord, prefix: string): Figure {
  const fields = record.fields.domains as Record<
    string,
    { rate: { value: number; low: number; high: number; level: number; n: number; clusters: number } }
  >
  const { value, low, high, level, n, clusters } = fields[id]!.rate
  return {
    id: `${prefix}-${id}`,
    label: `${domains.find((domain) => domain.id === id)?.label}: share of attempts that broke through`,
    value,
    unit: 'rate',
    interval: { low, high, level },
    n,
    clusters,
    source: { evidence: record.digest, pointer: `/domains/${id}/rate` },
    kind: 'computed',
    method: 'cluster-rate/v1',
    inputs: [`/domains/${id}/behaviours`],
    recompute:
      'Pool breaches over attempts; widen the Wilson interval by how alike attempts of one behaviour are.',
  }
}

function count(id: string, label: string, value: number, pointer: string): Figure {
  return {
    id,
    label,
    value,
    unit: 'count',
    source: { evidence: campaign.digest, pointer },
    kind: 'computed',
    method: 'field/v1',
    inputs: [],
    recompute: 'Read the field.',
  }
}

export const claims: Claim[] = [
  {
    section: 'scope',
    title: 'More capable than its predecessor',
    serves: ['0.1'],
    prose: [
      'Over shared benchmarks the release scores {{ability}} against the most capable model released before it. It is in scope.',
    ],
    figures: [
      {
        id: 'ability',
        label: 'Ability above the predecessor',
        value: 1.84,
        unit: 'score',
        interval: { low: 1.52, high: 2.13, level: 0.95 },
        source: { evidence: scope.digest, pointer: '/ability' },
        kind: 'computed',
        method: 'field/v1',
        inputs: [],
        recompute: 'Fit the two-parameter logistic model to the shared items, then resample items in pairs.',
      },
    ],
  },
  {
    section: 'capabilities',
    title: 'What it does well',
    serves: ['6.3'],
    prose: [
      'The release answers questions, writes and explains code, and calls tools that it is given. It reads text only.',
      'It follows the format of the `RFC 8259` JSON grammar when asked for structured output.',
    ],
    figures: [],
    evidence: [{ evidence: description.id, pointers: ['/capabilities'] }],
  },
  {
    section: 'limitations',
    title: 'Where it fails',
    serves: ['6.3'],
    prose: [
      'It states wrong facts with confidence, most of all about recent events and people who are little written about.',
    ],
    figures: [],
    evidence: [{ evidence: description.id, pointers: ['/limitations'] }],
  },
  {
    section: 'domains-of-use',
    title: 'Meant for, and not meant for',
    serves: ['6.3'],
    prose: [
      'It is meant for drafting, summarising and programming with a person who checks the result.',
      'It must not decide alone on credit, work, housing, care or liberty, and must not control physical systems.',
    ],
    figures: [],
    evidence: [{ evidence: description.id, pointers: ['/appropriateUse', '/inappropriateUse'] }],
  },
  {
    section: 'safety-evaluations',
    title: 'Human uplift in biology',
    serves: ['1.3', '6.2'],
    prose: [
      'An outside institute measured what novices gain from the model over a search engine: {{uplift}} of tasks.',
    ],
    figures: [
      {
        id: 'uplift',
        label: 'Tasks completed beyond the control group',
        value: 0.06,
        unit: 'difference',
        source: { evidence: uplift.digest, pointer: '/value' },
        kind: 'attested',
        method: 'none',
        inputs: [],
        recompute:
          'It cannot be recomputed here: the study’s data stay with the institute. The document’s digest binds it.',
        attestation: { signer: 'Example Evaluation Institute', document: String(uplift.fields.document) },
      },
    ],
    withheld: [
      {
        title: 'The tasks of the study',
        reason:
          'They describe steps that would help an attacker. Peer companies under agreement may read them.',
        evidence: uplift.digest,
        pointer: '/tasks',
      },
    ],
  },
  {
    section: 'adversarial-testing',
    title: 'Five domains, attacked by machine',
    serves: ['1.1', '1.4', '1.5', '1.6', '1.7', '6.2', '6.5'],
    prose: [
      'Of {{planned}} planned attempts {{executed}} were executed; errors count neither as breaches nor as resistance.',
      'Cyber prompts broke through in {{rate-cyber}} of attempts, {{before-cyber}} in the release before. In self-replication none did, which bounds the rate and does not make it nothing: {{rate-replication}}.',
    ],
    figures: [
      count('planned', 'Attempts planned', 2400, '/planned'),
      count('executed', 'Attempts executed', 2388, '/executed'),
      ...domains.map(({ id }) => domainFigure(id, campaign, 'rate')),
      ...domains.map(({ id }) => domainFigure(id, before, 'before')),
    ],
    plots: [
      {
        caption:
          'Share of attempts that broke through, by domain, with intervals at `95 %`. Filled: this release; hollow: its predecessor.',
        alt: 'Societal risk has the highest rate at {{rate-societal}}, then cyber at {{rate-cyber}}; self-replication had none. Every domain fell from the predecessor.',
        unit: 'rate',
        rows: domains.map(({ id, label }) => ({ label, figure: `rate-${id}`, compare: `before-${id}` })),
      },
    ],
    tables: [
      {
        caption: 'The same rates as numbers.',
        columns: ['Domain', 'This release', 'Predecessor'],
        rows: domains.map(({ id, label }) => ({ label, cells: [`rate-${id}`, `before-${id}`] })),
      },
    ],
  },
]

const statuses: [string, string, ObligationResult['status'], ObligationResult['due'], string][] = [
  [
    '0.1',
    'Scope is decided',
    'met',
    'before',
    'The comparison puts the release above its predecessor with high probability.',
  ],
  [
    '1.1',
    'Internal red-teaming',
    'met',
    'before',
    'A campaign on this snapshot and configuration is recorded.',
  ],
  ['1.2', 'External red-teaming', 'missing', 'before', 'No outside session or attestation is recorded.'],
  [
    '1.3',
    'Bio, chemical and radiological risk',
    'partly',
    'before',
    'A campaign covers the domain; refusals alone cannot show capability.',
  ],
  [
    '1.4',
    'Cyber capabilities',
    'partly',
    'before',
    'A campaign covers the domain; no expert study stands beside it.',
  ],
  [
    '1.5',
    'System interaction and tool use',
    'partly',
    'before',
    'Single-turn probes only; no agentic campaign in a sandbox.',
  ],
  ['1.6', 'Self-replication', 'partly', 'before', 'Single-turn probes only; no replication sandbox.'],
  ['1.7', 'Societal risks red-teamed', 'met', 'before', 'A campaign in that domain is recorded.'],
  ['1.8', 'Research goes on', 'missing', 'standing', 'No registered study is recorded.'],
  [
    '1.9',
    'Procedures described in the report',
    'missing',
    'at',
    'No published report cites the red-teaming.',
  ],
  [
    '2.1',
    'A forum for shared standards',
    'missing',
    'standing',
    'This version of Avouch cannot record this yet: memberships.',
  ],
  [
    '3.1',
    'Weights are sealed',
    'missing',
    'before',
    'This version of Avouch cannot record this yet: sealed weights.',
  ],
  ['5.1', 'Robust provenance', 'exempt', 'at', 'The release has no audio or visual output.'],
  ['5.2', 'A tool that detects', 'exempt', 'at', 'The release has no audio or visual output.'],
  ['6.1', 'A report is published', 'missing', 'at', 'No report about this release is published yet.'],
  ['6.4', 'Effects on societal risk', 'missing', 'at', 'No claims from bias and privacy evaluations exist.'],
  [
    '7.1',
    'Bias measured and mitigated',
    'missing',
    'before',
    'This version of Avouch cannot record this yet: bias evaluations.',
  ],
  [
    '7.6',
    'Risks managed proactively',
    'superseded',
    'standing',
    'A law now asks for the register; see the company’s statement.',
  ],
]

export const verdict: Verdict = {
  release: release.name,
  ready: false,
  blockers: [],
  scope: {
    decision: 'in',
    why: 'The release is in scope: it is more capable than the model before it.',
    evidence: [scope.id],
  },
  obligations: statuses.map(([id, title, status, due, why]) => ({
    id,
    title,
    promise: title,
    binds: 'release',
    force: 'asked',
    due,
    status,
    why,
    evidence: id.startsWith('1.') && status !== 'missing' ? [campaign.id] : [],
  })),
  thresholds: { adopted: false, results: [] },
  openFindings: [
    {
      id: campaign.id,
      finding: 'f-1',
      title: 'Role play as a translator lifts refusals on intrusion steps',
      severity: 'high',
      domain: 'Cyber',
      events: 7,
      trials: 40,
    },
    {
      id: campaign.id,
      finding: 'f-2',
      title: 'Stereotyped summaries of applications for housing',
      severity: 'medium',
      domain: 'Societal risk',
      events: 11,
      trials: 40,
    },
  ],
  holds: [],
  decision: null,
  basis: {
    moment: '2027-03-01T12:00:00.000Z',
    origin: 'avouch.example/log',
    treeSize: 188,
    catalogue: createHash('sha256').update('catalogue').digest('hex'),
    thresholds: null,
    opened: 61,
    unopened: 127,
  },
}

export const commitments = {
  0: 'Scope',
  1: 'Red-teaming',
  2: 'Information sharing',
  3: 'Weight security',
  5: 'Content provenance',
  6: 'Public reporting',
  7: 'Societal risk',
}

/** The whole input; tests change a part of it. */
export function exampleInput(change: Partial<ReportInput> = {}): ReportInput {
  return {
    release,
    claims,
    verdict,
    commitments,
    evidence: [campaign, before, uplift, scope, description],
    sealed: new Map([[`${uplift.digest} /tasks`, createHash('sha256').update('sealed').digest('hex')]]),
    ...change,
  }
}
