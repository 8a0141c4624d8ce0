import { createHash, createHmac } from 'node:crypto'
import { canonicalJson, sha256Hex } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import { leafHash, TreeEdge } from '@avouch/core/log'
import { DOMAINS, type Domain } from './domain.ts'
import type { Coverage, ImportedFinding, ImportResult } from './evidence.ts'
import { type BreachRules, breachRuleInWords } from './import-breach.ts'
import { placeOf } from './import-map.ts'
import type { ImportedAttempt, ImportFormat, Place, Reading, Source } from './imported.ts'
import { ClusterCounts } from './rate.ts'

/** Names of probes or strategies in one file at most. */
const MAX_NAMES = 5000
/** Targets in one file at most. */
const MAX_TARGETS = 100
/** The one name that an object of JavaScript does not keep as its own: what is filed under it would be lost. */
const UNHELD = '__proto__'
/** Attempts that a file may say were planned: a number beyond is no count of anything that was meant to be run. */
const MAX_PLANNED = 1_000_000_000
/** Notes kept at most; how many more there are is said. */
const MAX_NOTES = 500

/** What reading a whole file gives: everything but what stands outside of it. */
export type Tally = {
  reading: Reading
  ledger: ImportResult['ledger']
  coverage: ImportResult['coverage']
  domains: ReturnType<ClusterCounts['rates']>
  strategies: ReturnType<ClusterCounts['rates']>
  findings: ImportedFinding[]
  /** Where each probe of the file was put. */
  mapping: Record<string, Place>
  unmapped: { probe: string; attempts: number }[]
  /** What the file says was asked, with the rows of each. */
  targets: Record<string, number>
  /** Hex; over one leaf for each row, in the order of the file. */
  root: string
  /** SHA-256, hex, over the run's own name and all rows that were counted, whatever stands between them in the file. */
  rowsDigest: string
  rows: number
}

/**
 * Reads a file once and adds its rows up, in bounded memory; totals come from rows alone. `key` hides a row's digest
 * in its leaf: HMAC-SHA256(key, item) ‖ canonical JSON of the row. `only` names the one target whose rows are counted.
 * Throws what reading throws, and `input` where rows are of several targets and `only` names none; never for an empty file.
 */
export async function tally(
  source: Source,
  format: ImportFormat,
  tables: readonly Record<string, Place>[],
  rules: BreachRules,
  key: Uint8Array,
  progress: (rows: number) => void = () => {},
  only?: string,
): Promise<Tally> {
  const reading: Reading = {
    toolVersion: 'unknown',
    form: '',
    planned: undefined,
    notes: [],
    verdictRule: '',
  }
  const edge = new TreeEdge()
  const rowsHash = createHash('sha256')
  const mapping = new Map<string, Place>()
  const domains = new ClusterCounts()
  const strategies = new ClusterCounts()
  const coverage: ImportResult['coverage'] = {}
  const behaviours = new Map<Place, { all: Set<string>; graded: Set<string> }>()
  const found = new Map<string, ImportedFinding>()
  const unmapped = new Map<string, number>()
  const names = new Set<string>()
  const targets = new Map<string, number>()
  const ledger = {
    planned: 0,
    executed: 0,
    graded: 0,
    errored: 0,
    refusedByProvider: 0,
    notRun: 0,
    partial: 0,
    supersededErrors: 0,
  }
  let rows = 0
  for await (const attempt of format.read(source, reading, rules)) {
    const { probe, outcome, verdict, cluster, target } = attempt
    for (const name of [probe, attempt.strategy, target])
      if (!isHeld(name)) throw unheld(source, attempt.item)
    if (target !== undefined) {
      targets.set(target, (targets.get(target) ?? 0) + 1)
      if (targets.size > MAX_TARGETS) throw tooMany(source, 'targets', MAX_TARGETS)
      if (only !== undefined && only !== target) continue
    }
    const place = mapping.get(probe) ?? placeOf(probe, tables)
    mapping.set(probe, place)
    if (mapping.size > MAX_NAMES) throw tooMany(source, 'probes', MAX_NAMES)
    const strategy = names.size < MAX_NAMES || names.has(attempt.strategy) ? attempt.strategy : 'others'
    names.add(strategy)
    edge.append(leafHash(leafOf(attempt, place, key)))
    rowsHash.update(`${canonicalJson(attempt)}\n`)
    rows++
    if (rows % 1000 === 0) progress(rows)
    const graded = outcome === 'answered' && verdict !== 'ungradable'
    const counts = coverage[place] ?? nothing()
    coverage[place] = counts
    const seen = behaviours.get(place) ?? { all: new Set(), graded: new Set() }
    behaviours.set(place, seen)
    seen.all.add(cluster)
    for (const sums of [ledger, counts]) {
      sums.planned++
      if (outcome === 'answered') sums.executed++
      else if (outcome === 'errored') sums.errored++
      else sums.refusedByProvider++
      if (graded) sums.graded++
      if (verdict === 'partial') sums.partial++
    }
    ledger.supersededErrors += attempt.retried ?? 0
    if (place === 'unmapped') unmapped.set(probe, (unmapped.get(probe) ?? 0) + 1)
    if (!graded) continue
    seen.graded.add(cluster)
    const breach = verdict === 'breach' ? 1 : 0
    const judge = attempt.grader ?? format.name
    domains.add(place, cluster, breach, 1, judge)
    if (place !== 'unmapped') strategies.add(strategy, cluster, breach, 1, judge)
    addFinding(found, attempt, place, breach)
  }
  progress(rows)
  checkTargets(source, reading, targets, only)
  for (const [place, { all, graded }] of behaviours) {
    const counts = coverage[place]!
    counts.behaviours = all.size
    counts.behavioursGraded = graded.size
  }
  if (reading.planned !== undefined) {
    if (reading.planned > MAX_PLANNED) throw tooMany(source, 'planned attempts', MAX_PLANNED)
    ledger.notRun = Math.max(0, reading.planned - rows)
    ledger.planned = rows + ledger.notRun
    const places = Object.values(coverage)
    if (places.length === 1) {
      places[0]!.planned += ledger.notRun
      places[0]!.notRun = ledger.notRun
    }
  } else reading.notes.push('The file does not tell what was planned: what has no row is not known.')
  const more = reading.notes.length - MAX_NOTES
  if (more > 0) reading.notes.splice(MAX_NOTES, more, `${more} more notes are left out.`)
  const rank = { critical: 0, high: 1, medium: 2, low: 3 }
  return {
    reading,
    ledger,
    coverage,
    domains: domains.rates(),
    strategies: strategies.rates(),
    findings: [...found.values()]
      .filter(({ breaches }) => breaches > 0)
      .sort(
        (a, b) =>
          rank[a.severity] - rank[b.severity] ||
          b.breaches / b.trials - a.breaches / a.trials ||
          (a.id < b.id ? -1 : 1),
      ),
    mapping: Object.fromEntries([...mapping].sort(([a], [b]) => (a < b ? -1 : 1))),
    unmapped: [...unmapped]
      .map(([probe, attempts]) => ({ probe, attempts }))
      .sort((a, b) => b.attempts - a.attempts || (a.probe < b.probe ? -1 : 1)),
    targets: Object.fromEntries(targets),
    root: edge.root().toString('hex'),
    rowsDigest: rowsHash.update(`${format.name} ${reading.run ?? ''}`).digest('hex'),
    rows,
  }
}

/** One import is about one release: rows of several models in one file would be added up as one. */
function checkTargets(
  source: Source,
  reading: Reading,
  targets: ReadonlyMap<string, number>,
  only: string | undefined,
): void {
  const named = [...targets.keys()]
  if (only === undefined) {
    if (named.length > 1)
      throw new AvouchError(
        'input',
        `${source.name} holds attempts on several targets: ${named.join(', ')}`,
        {
          where: source.name,
          fix: 'Say which of them is the release: --target NAME. Import the others for theirs.',
        },
      )
    if (named.length === 1) reading.target ??= named[0]
    return
  }
  const head = reading.target
  if (named.length > 0 ? !targets.has(only) : head !== undefined && head !== only)
    throw new AvouchError('input', `${source.name} holds no attempt on ${only}`, {
      where: source.name,
      fix: `It names: ${(named.length > 0 ? named : [head]).join(', ')}.`,
    })
  reading.target ??= only
  const others = [...targets].reduce((sum, [name, rows]) => (name === only ? sum : sum + rows), 0)
  if (others > 0) reading.notes.push(`${others} rows are of other targets than ${only}, and were left out.`)
}

/** Whether a record can hold a name: not the one that objects do not keep, and no half of a character. */
function isHeld(name: string | undefined): boolean {
  return name === undefined || (name !== UNHELD && name.isWellFormed())
}

function unheld(source: Source, item: string): AvouchError {
  return new AvouchError('input', `${source.name} has a name that no record can hold`, {
    where: `${source.name}, ${item.toWellFormed().slice(0, 100)}`,
    fix: `Rename the probe, strategy or target in the file: "${UNHELD}", and half of a character, would be lost.`,
  })
}

function tooMany(source: Source, what: string, limit: number): AvouchError {
  return new AvouchError('limit', `${source.name} names more than ${limit} ${what}`, {
    where: source.name,
    fix: 'Import the run in parts.',
  })
}

/** The rule of verdicts with the company's own rules beside it, in words. */
export function rulesInWords(reading: Reading, rules: BreachRules): string {
  const own = Object.entries(rules).map(([name, rule]) => `${name}: ${breachRuleInWords(rule)}`)
  return [reading.verdictRule, ...own].join('; ')
}

/** The domains of ours among these places. */
export function domainsOf(coverage: ImportResult['coverage']): Domain[] {
  return DOMAINS.filter((domain) => (coverage[domain]?.graded ?? 0) > 0)
}

function leafOf(attempt: ImportedAttempt, place: Place, key: Uint8Array): Buffer {
  const salt = createHmac('sha256', key).update(attempt.item).digest()
  return Buffer.concat([salt, Buffer.from(canonicalJson({ ...attempt, place }))])
}

function addFinding(
  found: Map<string, ImportedFinding>,
  { probe, severity }: ImportedAttempt,
  place: Place,
  breach: number,
): void {
  const id = `${place}/${probe}`
  const finding = found.get(id) ?? {
    id: sha256Hex(id).slice(0, 16),
    domain: place,
    probe,
    severity: severity ?? 'medium',
    breaches: 0,
    trials: 0,
  }
  found.set(id, finding)
  finding.trials++
  finding.breaches += breach
}

function nothing(): Coverage {
  return {
    behaviours: 0,
    behavioursGraded: 0,
    planned: 0,
    executed: 0,
    graded: 0,
    errored: 0,
    refusedByProvider: 0,
    notRun: 0,
    partial: 0,
  }
}
