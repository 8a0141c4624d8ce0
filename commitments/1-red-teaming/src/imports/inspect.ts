import { sha256Hex } from '@avouch/core/campaign'
import { z } from 'zod'
import { applyBreachRule, type BreachRule, type BreachRules } from '../import-breach.ts'
import { brokenAt, parseJson } from '../import-bytes.ts'
import { readPart } from '../import-schema.ts'
import type { ImportedAttempt, ImportFormat, Reading, Source } from '../imported.ts'
import { jsonParts } from '../json-stream.ts'
import { zipEntries } from '../zip-entries.ts'

/** The version of Inspect's log schema that is read (`LOG_SCHEMA_VERSION`). */
const VERSIONS = [1, 2]

const specification = z.looseObject({
  task: z.string().max(300),
  packages: z.record(z.string(), z.string()).nullish(),
  dataset: z.looseObject({ samples: z.number().nullish() }).nullish(),
  config: z.looseObject({ epochs: z.number().nullish(), limit: z.unknown().optional() }).nullish(),
})
const totals = z.looseObject({ total_samples: z.number().nullish(), completed_samples: z.number().nullish() })
const usage = z.looseObject({ input_tokens: z.number().optional(), output_tokens: z.number().optional() })
const sample = z.looseObject({
  id: z.union([z.string().max(1000), z.number()]),
  epoch: z.int().min(1),
  input: z.unknown(),
  output: z
    .looseObject({
      completion: z.string().nullish(),
      choices: z.array(z.looseObject({ stop_reason: z.string().nullish(), message: z.unknown() })).nullish(),
    })
    .nullish(),
  scores: z.record(z.string(), z.looseObject({ value: z.unknown() })).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  error: z.unknown().optional(),
  total_time: z.number().nullish(),
  model_usage: z.record(z.string(), usage).nullish(),
})

type Header = {
  version: number | undefined
  task: z.infer<typeof specification> | undefined
  totals: z.infer<typeof totals> | undefined
}

/** Tasks whose scorer says "correct" where the model did what an attacker wants: the capability is the breach. */
const CAPABILITY =
  /(?:^|\/)(?:cybench|gdm_intercode_ctf|gdm_in_house_ctf|intercode_ctf|cve_bench|gdm_self_proliferation|gdm_sp\d*|cybermetric|threecb)/

/**
 * Inspect's logs: `.eval` archives (https://inspect.aisi.org.uk/eval-logs.html) and JSON. A sample in an epoch is one
 * attempt; its cluster is what its metadata calls behaviour or category, or else the sample. Which of a scorer's values
 * is a breach is known for capability tasks only; for others `--breach` says it, and without it nothing is judged.
 */
const inspect: ImportFormat = {
  name: 'inspect',
  recognises: (head, name) => {
    if (head.readUInt32LE(0) === 0x04034b50) return true
    const text = head.toString('utf8')
    return (
      name.endsWith('.eval') ||
      (/^\s*\{/.test(text) && /"version"\s*:\s*\d+/.test(text) && /"eval"\s*:\s*\{/.test(text))
    )
  },
  async *read(source, reading, rules) {
    const header: Header = { version: undefined, task: undefined, totals: undefined }
    const seen = new Set<string>()
    const unread = new Map<string, number>()
    let rows = 0
    let completed = 0
    const parts = isArchive(source.name, await firstBytes(source))
      ? archiveParts(source, header)
      : documentParts(source, header)
    for await (const { value, where } of parts) {
      const row = readPart(sample, value, where)
      const item = `${row.id}/${row.epoch}`
      if (seen.has(item)) throw brokenAt(where, `sample ${item} stands twice`)
      seen.add(item)
      rows++
      const attempt = attemptOf(row, item, header.task?.task ?? '', rules, unread)
      if (attempt.outcome !== 'errored') completed++
      yield attempt
    }
    if (header.version === undefined || !header.task) throw brokenAt(source.name, 'the log has no header')
    reading.form = `log version ${header.version}`
    reading.toolVersion = header.task.packages?.inspect_ai ?? reading.toolVersion
    reading.verdictRule = CAPABILITY.test(header.task.task)
      ? 'the scorer’s C (the task was done) is a breach, P a part of one'
      : 'as --breach says; a scorer without a rule gives no verdict'
    const { dataset, config } = header.task
    if (header.totals?.total_samples != null) reading.planned = Math.max(header.totals.total_samples, rows)
    else if (dataset?.samples != null && config?.limit == null)
      reading.planned = Math.max(dataset.samples * (config?.epochs ?? 1), rows)
    for (const [scorer, n] of unread)
      reading.notes.push(
        `${n} samples were scored by ${scorer}, of which no rule says what is a breach; say it with --breach ${scorer}=VALUE.`,
      )
    compare(reading, header, rows, completed)
  },
  places: {
    'cybench*': 'cyber',
    'gdm_intercode_ctf*': 'cyber',
    'gdm_in_house_ctf*': 'cyber',
    'intercode_ctf*': 'cyber',
    'cve_bench*': 'cyber',
    'cybermetric*': 'cyber',
    'threecb*': 'cyber',
    'cyse*': 'cyber',
    'gdm_self_proliferation*': 'self-replication',
    'gdm_sp*': 'self-replication',
    'agentharm*': 'tool-use',
    'agentdojo*': 'tool-use',
    'bbq*': 'societal',
    'bold*': 'societal',
    'stereoset*': 'societal',
    'wmdp_bio*': 'cbr',
    'wmdp_chem*': 'cbr',
    'wmdp_cyber*': 'cyber',
    'lab_bench*': 'cbr',
    'chembench*': 'cbr',
    'strong_reject*': 'misuse',
    'strongreject*': 'misuse',
    'fortress*': 'misuse',
  },
}
export default inspect

type Part = { value: unknown; where: string }

async function* documentParts(source: Source, header: Header): AsyncGenerator<Part> {
  for await (const { pointer, value, line } of jsonParts(source, [
    '/version',
    '/eval',
    '/results',
    '/samples/-',
  ])) {
    const where = `${source.name}:${line}`
    if (pointer === '/samples/-') {
      if (!header.task) throw brokenAt(where, 'samples stand before the header')
      yield { value, where }
    } else take(header, pointer.slice(1), value, where)
  }
}

async function* archiveParts(source: Source, header: Header): AsyncGenerator<Part> {
  for (const wanted of ['header', 'samples'] as const)
    for await (const entry of zipEntries(source)) {
      const where = `${source.name}, entry ${entry.name}`
      const inHeader = /^(?:_journal\/)?start\.json$|^header\.json$|^results\.json$/.test(entry.name)
      if (wanted === 'header' && inHeader) {
        const value = readPart(
          z.record(z.string(), z.unknown()),
          parseJson((await entry.read()).toString('utf8'), where),
          where,
        )
        for (const name of ['version', 'eval', 'results'])
          if (name in value) take(header, name, value[name], where)
      } else if (wanted === 'samples' && /^samples\/[^/].*\.json$/.test(entry.name)) {
        if (!header.task) throw brokenAt(where, 'the archive has samples and no header')
        yield { value: parseJson((await entry.read()).toString('utf8'), where), where }
      }
    }
}

function take(header: Header, name: string, value: unknown, where: string): void {
  if (name === 'version') {
    header.version = readPart(z.number(), value, where)
    if (!VERSIONS.includes(header.version))
      throw brokenAt(where, `log version ${header.version} is not known; ${VERSIONS.join(' and ')} are`)
  } else if (name === 'eval') header.task = readPart(specification, value, where)
  else if (value !== null) header.totals = readPart(totals, value, where)
}

function attemptOf(
  row: z.infer<typeof sample>,
  item: string,
  task: string,
  rules: BreachRules,
  unread: Map<string, number>,
): ImportedAttempt {
  const { metadata, output } = row
  const named = [metadata?.cluster, metadata?.behaviour, metadata?.behavior, metadata?.category].find(
    (text) => typeof text === 'string',
  )
  const strategy = [metadata?.strategy, metadata?.attack, metadata?.jailbreak].find(
    (text) => typeof text === 'string',
  )
  const probe = task.replace(/^.*\//, '')
  const errored = row.error !== undefined && row.error !== null
  const filtered = output?.choices?.[0]?.stop_reason === 'content_filter'
  const answer =
    output?.completion ??
    (output?.choices?.[0]?.message !== undefined ? JSON.stringify(output.choices[0].message) : undefined)
  const spent = Object.values(row.model_usage ?? {})
  return {
    item,
    probe: typeof metadata?.domain === 'string' ? `${probe}/${metadata.domain}` : probe,
    cluster: `${probe}/${named ?? row.id}`,
    strategy: typeof strategy === 'string' ? strategy.slice(0, 300) : 'plain',
    repetition: row.epoch,
    outcome: errored ? 'errored' : filtered ? 'refused-by-provider' : 'answered',
    ...(!errored && !filtered && verdictOf(row, task, rules, unread)),
    prompt: sha256Hex(typeof row.input === 'string' ? row.input : JSON.stringify(row.input)),
    ...(answer !== undefined && answer !== '' && { response: sha256Hex(answer) }),
    ...(typeof row.total_time === 'number' && { latency: row.total_time * 1000 }),
    ...(spent.length > 0 && {
      inputTokens: spent.reduce((sum, { input_tokens }) => sum + (input_tokens ?? 0), 0),
      outputTokens: spent.reduce((sum, { output_tokens }) => sum + (output_tokens ?? 0), 0),
    }),
  }
}

function verdictOf(
  row: z.infer<typeof sample>,
  task: string,
  rules: BreachRules,
  unread: Map<string, number>,
): Pick<ImportedAttempt, 'verdict' | 'score'> {
  const rank = { ungradable: 0, resisted: 1, partial: 2, breach: 3 } as const
  let verdict: keyof typeof rank = 'ungradable'
  let score: number | undefined
  const capability: BreachRule | undefined = CAPABILITY.test(task)
    ? { breach: ['C'], partial: ['P'] }
    : undefined
  let ruled = false
  for (const [name, { value }] of Object.entries(row.scores ?? {})) {
    // a scorer of several values is addressed as SCORER.VALUE
    const values =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).map(([key, of]) => [`${name}.${key}`, of] as const)
        : [[name, value] as const]
    for (const [path, of] of values) {
      if (typeof of === 'number' && Number.isFinite(of)) score ??= of
      const rule = rules[path] ?? capability
      if (!rule) continue
      ruled = true
      const found = applyBreachRule(rule, of)
      if (rank[found] > rank[verdict]) verdict = found
    }
  }
  if (!ruled) for (const name of Object.keys(row.scores ?? {})) unread.set(name, (unread.get(name) ?? 0) + 1)
  return { verdict, ...(score !== undefined && { score }) }
}

function compare(reading: Reading, header: Header, rows: number, completed: number): void {
  const { total_samples: total, completed_samples: done } = header.totals ?? {}
  if (total != null && total !== rows) reading.notes.push(`The log says ${total} samples; it holds ${rows}.`)
  if (done != null && done !== completed)
    reading.notes.push(`The log says ${done} samples were completed; its rows say ${completed}.`)
}

async function firstBytes(source: Source): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of source.stream(0, Math.min(4, source.size)) as AsyncIterable<Buffer>)
    parts.push(part)
  return Buffer.concat(parts)
}

function isArchive(name: string, head: Buffer): boolean {
  return name.endsWith('.eval') || (head.length === 4 && head.readUInt32LE(0) === 0x04034b50)
}
