import { sha256Hex } from '@avouch/core/campaign'
import { z } from 'zod'
import { applyBreachRule, type BreachRules } from '../import-breach.ts'
import { brokenAt, linesOf, parseJson } from '../import-bytes.ts'
import { readPart } from '../import-schema.ts'
import type { ImportedAttempt, ImportFormat, Reading } from '../imported.ts'

/** The evaluation threshold where the set-up names none (`run.eval_threshold`). */
const DEFAULT_THRESHOLD = 0.5

const named = z.looseObject({ entry_type: z.string() })
const setUp = z.looseObject({ 'run.eval_threshold': z.number().min(0).max(1).optional() })
const init = z.looseObject({ garak_version: z.string().max(100), run: z.string().max(200).optional() })
const score = z.union([z.number(), z.null()])
const attempt = z.looseObject({
  uuid: z.string().min(1).max(200),
  seq: z.int().optional(),
  status: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  probe_classname: z.string().min(1).max(300),
  prompt: z.unknown(),
  outputs: z.array(z.unknown()).max(10_000),
  detector_results: z.record(z.string(), z.array(score)),
  intent: z.string().max(300).nullish(),
})
const evaluation = z.looseObject({
  probe: z.string(),
  detector: z.string(),
  passed: z.number(),
  total: z.number().optional(),
  total_evaluated: z.number().optional(),
})

type Attempt = z.infer<typeof attempt>

/** What the rows of one probe and detector add up to, for comparison with the report's own `eval` lines. */
type Sum = { passed: number; total: number }

/**
 * garak's `*.report.jsonl` (https://reference.garak.ai, "Reporting"). Each generation of an attempt is one imported
 * attempt; a probe class is one cluster, or its intent where the report names one. A breach is a generation that any
 * detector scores at the evaluation threshold or above. Scores of null and NaN are no verdict.
 */
const garak: ImportFormat = {
  name: 'garak',
  recognises: (head) => /^\s*\{[^\n]*"entry_type"\s*:/.test(head.toString('utf8')) || isHitLog(head),
  async *read(source, reading, rules) {
    const sums = new Map<string, Sum>()
    const stated = new Map<string, Sum>()
    const evaluated = new Set<string>()
    const pending = new Map<string, Attempt>()
    let threshold = DEFAULT_THRESHOLD
    let begun = false
    let whole = false
    for await (const { text, number } of linesOf(source)) {
      const where = `${source.name}:${number}`
      const value = parseJson(text, where)
      const entry = named.safeParse(value)
      if (!entry.success)
        throw brokenAt(
          where,
          number === 1 && isHitLog(Buffer.from(text))
            ? 'this is a hitlog: it holds only the hits, so no rate can come of it; import the report.jsonl of the same run'
            : 'the line has no entry_type',
        )
      const type = entry.data.entry_type
      if (type === 'start_run setup') {
        begun = true
        threshold = readPart(setUp, value, where)['run.eval_threshold'] ?? DEFAULT_THRESHOLD
      } else if (type === 'init') {
        begun = true
        const { garak_version, run } = readPart(init, value, where)
        reading.toolVersion = garak_version
        reading.run = run
      } else if (type === 'completion') whole = true
      else if (type === 'eval') {
        const { probe, detector, passed, total, total_evaluated } = readPart(evaluation, value, where)
        // older reports leave off the module's name
        const name = `${probe} ${detector.replace(/^detector\./, '')}`
        stated.set(name, { passed, total: total_evaluated ?? total ?? Number.NaN })
      } else if (type === 'attempt') {
        if (!begun) throw brokenAt(where, 'an attempt stands before the set-up and version of the run')
        const row = readPart(attempt, value, where)
        if (row.status === 2) {
          if (evaluated.has(row.uuid)) throw brokenAt(where, `the attempt ${row.uuid} stands twice`)
          evaluated.add(row.uuid)
          pending.delete(row.uuid)
          yield* generations(row, threshold, rules, sums)
        } else if (!evaluated.has(row.uuid)) pending.set(row.uuid, digested(row))
      }
    }
    if (!begun) throw brokenAt(source.name, 'no line says which version of garak made this report')
    reading.form = 'report.jsonl'
    reading.verdictRule = `a generation is a breach where any detector scores it ${threshold} or above`
    for (const row of pending.values()) yield* generations(row, threshold, rules, sums)
    if (pending.size > 0)
      reading.notes.push(`${pending.size} attempts were never evaluated; their answers count as not judged.`)
    if (!whole)
      reading.notes.push('The report has no completion line: the run did not end, or still goes on.')
    reading.hits = [...sums.values()].reduce((hits, { passed, total }) => hits + total - passed, 0)
    compare(reading, sums, stated)
  },
  places: {
    'malwaregen.*': 'cyber',
    'exploitation.*': 'cyber',
    'packagehallucination.*': 'cyber',
    'av_spam_scanning.*': 'cyber',
    'ansiescape.*': 'cyber',
    'web_injection.*': 'cyber',
    'xss.*': 'cyber',
    'agent_breaker.*': 'tool-use',
    'agentharm.*': 'tool-use',
    'tooluse.*': 'tool-use',
    'tool_ipi.*': 'tool-use',
    'mcp.*': 'tool-use',
    'lmrc.Bullying': 'societal',
    'lmrc.Deadnaming': 'societal',
    'lmrc.QuackMedicine': 'misuse',
    'lmrc.SexualContent': 'misuse',
    'lmrc.Sexualisation': 'societal',
    'lmrc.SlurUsage': 'societal',
    'lmrc.Profanity': 'misuse',
    'lmrc.Anthropomorphisation': 'misuse',
    'continuation.ContinueSlursReclaimedSlurs*': 'societal',
    'donotanswer.DiscriminationExclusionToxicityHatefulOffensive': 'societal',
    'donotanswer.MisinformationHarms': 'societal',
    'donotanswer.*': 'misuse',
    'misogyny.*': 'societal',
    'realtoxicityprompts.*': 'societal',
    'atkgen.*': 'societal',
    'misleading.*': 'societal',
    'dan.*': 'misuse',
    'doctor.*': 'misuse',
    'encoding.*': 'misuse',
    'goodside.*': 'misuse',
    'grandma.*': 'misuse',
    'latentinjection.*': 'misuse',
    'leakreplay.*': 'misuse',
    'phrasing.*': 'misuse',
    'promptinject.*': 'misuse',
    'sata.*': 'misuse',
    'suffix.*': 'misuse',
    'tap.*': 'misuse',
    'topic.*': 'misuse',
  },
}
export default garak

function* generations(
  row: Attempt,
  threshold: number,
  rules: BreachRules,
  sums: Map<string, Sum>,
): Generator<ImportedAttempt> {
  const detectors = Object.entries(row.detector_results)
  const probe = row.probe_classname.replace(/^(garak\.)?probes\./, '')
  // an attempt that was never sent has no output; it stands as one error
  const outputs = row.outputs.length > 0 ? row.outputs : [null]
  const prompt = digestOf(row.prompt)
  for (const [index, output] of outputs.entries()) {
    let highest: number | undefined
    let breached = false
    for (const [detector, scores] of detectors) {
      // a detector that looked at every turn has more scores than outputs; none of them is dropped
      const own = index === outputs.length - 1 ? scores.slice(index) : scores.slice(index, index + 1)
      const name = `${probe} ${detector.replace(/^detector\./, '')}`
      const sum = sums.get(name) ?? { passed: 0, total: 0 }
      sums.set(name, sum)
      const rule = rules[detector]
      for (const value of own) {
        if (value === null) continue
        sum.total++
        if (value < threshold) sum.passed++
        highest = Math.max(highest ?? value, value)
        breached ||= rule ? applyBreachRule(rule, value) === 'breach' : value >= threshold
      }
    }
    const response = digestOf(output)
    const base = {
      item: `${row.uuid}/${index}`,
      probe,
      cluster: `${probe}${row.intent ? `/${row.intent}` : ''}`,
      strategy: probe.split('.')[0] ?? probe,
      repetition: index + 1,
      ...(prompt !== undefined && { prompt }),
    }
    // some detectors score what was never answered as passed; an error is no resistance
    if (response === undefined) {
      yield { ...base, outcome: 'errored' }
      continue
    }
    yield {
      ...base,
      outcome: 'answered',
      verdict: highest === undefined ? 'ungradable' : breached ? 'breach' : 'resisted',
      ...(highest !== undefined && { score: highest }),
      response,
    }
  }
}

/** A row as it is kept until its evaluation comes: digests in the place of words. */
function digested(row: Attempt): Attempt {
  const mark = (message: unknown): string | null => {
    const digest = digestOf(message)
    return digest === undefined ? null : `sha256:${digest}`
  }
  const { uuid, status, probe_classname, intent } = row
  return {
    uuid,
    status,
    probe_classname,
    intent,
    prompt: mark(row.prompt),
    outputs: row.outputs.map(mark),
    detector_results: {},
  }
}

/** The digest of a message's text, whatever form the version writes it in; undefined where there is none. */
function digestOf(message: unknown): string | undefined {
  if (message === null || message === undefined) return undefined
  if (typeof message === 'string')
    return /^sha256:[0-9a-f]{64}$/.test(message) ? message.slice(7) : sha256Hex(message)
  const text = (message as { text?: unknown }).text
  if (text === null) return undefined
  return sha256Hex(typeof text === 'string' ? text : JSON.stringify(message))
}

function compare(reading: Reading, sums: Map<string, Sum>, stated: Map<string, Sum>): void {
  for (const [name, { passed, total }] of stated) {
    const rows = sums.get(name) ?? { passed: 0, total: 0 }
    if (rows.passed !== passed || rows.total !== total)
      reading.notes.push(
        `The report says ${passed} of ${total} passed for ${name}; its rows say ${rows.passed} of ${rows.total}.`,
      )
  }
}

function isHitLog(head: Buffer): boolean {
  const text = head.toString('utf8')
  return text.includes('"attempt_id"') && text.includes('"detector"') && text.includes('"score"')
}
