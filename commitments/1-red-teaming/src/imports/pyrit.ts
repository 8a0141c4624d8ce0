import { sha256Hex } from '@avouch/core/campaign'
import { z } from 'zod'
import { csvRows } from '../csv-rows.ts'
import { applyBreachRule, type BreachRules } from '../import-breach.ts'
import { brokenAt, parseJson } from '../import-bytes.ts'
import { readPart } from '../import-schema.ts'
import type { ImportedAttempt, ImportFormat, Source } from '../imported.ts'
import { jsonParts } from '../json-stream.ts'

const score = z.looseObject({
  score_value: z.union([z.string(), z.boolean(), z.number(), z.null()]),
  score_type: z.string().nullish(),
  score_category: z.union([z.string(), z.array(z.string())]).nullish(),
  scorer_class_identifier: z.unknown().optional(),
})
const piece = z.looseObject({
  id: z.string().min(1).max(200),
  role: z.string(),
  conversation_id: z.string().min(1).max(200),
  sequence: z.coerce.number().optional(),
  labels: z.record(z.string(), z.unknown()).nullish(),
  targeted_harm_categories: z.array(z.string()).nullish(),
  converter_identifiers: z.array(z.unknown()).nullish(),
  attack_identifier: z.unknown().optional(),
  orchestrator_identifier: z.unknown().optional(),
  original_value: z.string().nullish(),
  converted_value: z.string().nullish(),
  response_error: z.string().nullish(),
  scores: z.array(score).nullish(),
})
type Piece = z.infer<typeof piece>
type Score = z.infer<typeof score>

/** A conversation as it is held until the end of the file: digests and scores, no words. */
type Conversation = {
  asked: number
  answered: number
  prompt?: string
  cluster?: string
  probe?: string
  response?: string
  error?: string
  strategy: string
  scores: Score[]
}

/** Columns of the CSV export that hold Python or JSON literals. */
const LITERALS = [
  'labels',
  'targeted_harm_categories',
  'converter_identifiers',
  'attack_identifier',
  'orchestrator_identifier',
  'scores',
]

/**
 * PyRIT's exports of its memory (`MemoryExporter`, JSON and CSV): message pieces with their scores. A conversation is
 * one attempt; the original question, before converters, is its cluster. A true/false score that is true is a breach;
 * a scale needs a rule. A response that the service blocked was refused by the provider; the export names no version.
 */
const pyrit: ImportFormat = {
  name: 'pyrit',
  recognises: (head) => {
    const text = head.toString('utf8')
    return /^\s*\[/.test(text)
      ? text.includes('"conversation_id"')
      : /^\uFEFF?"?id"?,"?role"?,"?conversation_id"?/.test(text)
  },
  async *read(source, reading, rules) {
    const conversations = new Map<string, Conversation>()
    const ids = new Set<string>()
    const unread = new Map<string, number>()
    for await (const { value, where } of pieces(source)) {
      const found = readPart(piece, value, where)
      if (ids.has(found.id)) throw brokenAt(where, `the message ${found.id} stands twice`)
      ids.add(found.id)
      add(conversations, found)
    }
    if (conversations.size === 0) throw brokenAt(source.name, 'there is no message in the export')
    reading.form = 'memory export'
    reading.verdictRule = 'a true true/false score is a breach; a scale is read as --breach says'
    reading.notes.push('The export does not name the version of PyRIT, and states no totals to compare with.')
    for (const [item, conversation] of conversations) {
      if (conversation.asked > 0) yield attemptOf(item, conversation, rules, unread)
    }
    for (const [name, n] of unread)
      reading.notes.push(
        `${n} scores by ${name} are on a scale of which no rule says what is a breach; say it with --breach ${name}>=VALUE.`,
      )
  },
  places: {
    'chemical*': 'cbr',
    'biological*': 'cbr',
    'radiological*': 'cbr',
    'cbrn*': 'cbr',
    'weapons-of-mass*': 'cbr',
    'cyber*': 'cyber',
    'malware*': 'cyber',
    'hacking*': 'cyber',
    'tool*': 'tool-use',
    'self-replication*': 'self-replication',
    'hate*': 'societal',
    'bias*': 'societal',
    'discrimination*': 'societal',
    'fairness*': 'societal',
    'harassment*': 'societal',
    'misinformation*': 'societal',
    'violence*': 'misuse',
    'illegal*': 'misuse',
    'fraud*': 'misuse',
    'self-harm*': 'misuse',
    'weapons*': 'misuse',
    'jailbreak*': 'misuse',
  },
}
export default pyrit

async function* pieces(source: Source): AsyncGenerator<{ value: unknown; where: string }> {
  let first = ''
  for await (const part of source.stream(0, Math.min(64, source.size)) as AsyncIterable<Buffer>)
    first += part.toString('utf8')
  if (/^\s*\[/.test(first)) {
    for await (const { value, line } of jsonParts(source, ['/-']))
      yield { value, where: `${source.name}:${line}` }
    return
  }
  for await (const { fields, line } of csvRows(source)) {
    const where = `${source.name}:${line}`
    const value: Record<string, unknown> = { ...fields }
    for (const name of LITERALS)
      if (name in fields)
        value[name] = fields[name] === '' ? null : parseJson(fromPython(fields[name]!), where)
    yield { value, where }
  }
}

const TOKEN = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\bTrue\b|\bFalse\b|\bNone\b|\bnan\b/gs

/** A Python literal of dicts, lists, strings and constants as JSON. Pure. */
function fromPython(text: string): string {
  return text.replace(TOKEN, (token) => {
    if (token === 'True') return 'true'
    if (token === 'False') return 'false'
    if (token === 'None' || token === 'nan') return 'null'
    const inner = token
      .slice(1, -1)
      .replace(/\\(x[0-9a-fA-F]{2}|U[0-9a-fA-F]{8}|u[0-9a-fA-F]{4}|.)/gs, (_, code: string) => {
        if (/^[xuU]./.test(code))
          return String.fromCodePoint(Math.min(Number.parseInt(code.slice(1), 16), 0x10ffff))
        return ({ n: '\n', t: '\t', r: '\r' } as Record<string, string>)[code] ?? code
      })
    return JSON.stringify(inner)
  })
}

function add(conversations: Map<string, Conversation>, found: Piece): void {
  const conversation = conversations.get(found.conversation_id) ?? {
    asked: 0,
    answered: 0,
    strategy: '',
    scores: [],
  }
  conversations.set(found.conversation_id, conversation)
  conversation.scores.push(...(found.scores ?? []))
  if (found.role === 'user') {
    if (conversation.asked++ === 0) {
      const original = sha256Hex(found.original_value ?? '')
      conversation.cluster = original
      conversation.prompt = sha256Hex(found.converted_value ?? found.original_value ?? '')
      conversation.strategy = strategyOf(found)
    }
    const harm = found.targeted_harm_categories?.[0] ?? found.labels?.harm_category
    if (typeof harm === 'string') conversation.probe ??= harm
  } else if (found.role === 'assistant') {
    conversation.answered++
    conversation.response = sha256Hex(found.converted_value ?? found.original_value ?? '')
    const error = found.response_error ?? 'none'
    if (error === 'none') delete conversation.error
    else conversation.error = error
  }
}

function strategyOf(found: Piece): string {
  const converters = (found.converter_identifiers ?? []).map(className).filter((name) => name !== undefined)
  const attack = className(found.attack_identifier ?? found.orchestrator_identifier)
  return (
    [attack, ...converters]
      .filter((name) => name !== undefined)
      .join('+')
      .slice(0, 300) || 'plain'
  )
}

/** PyRIT writes what made something as an object with a `__type__` or `class_name`. */
function className(identifier: unknown): string | undefined {
  if (typeof identifier === 'string') return identifier
  if (typeof identifier !== 'object' || identifier === null) return undefined
  const { __type__: type, class_name: name } = identifier as { __type__?: unknown; class_name?: unknown }
  return typeof type === 'string' ? type : typeof name === 'string' ? name : undefined
}

function attemptOf(
  item: string,
  conversation: Conversation,
  rules: BreachRules,
  unread: Map<string, number>,
): ImportedAttempt {
  const { error, scores, prompt, response } = conversation
  const category = scores.map(({ score_category: of }) => (Array.isArray(of) ? of[0] : of)).find((of) => of)
  const probe = (conversation.probe ?? category ?? 'no-category')
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
    .slice(0, 300)
  const outcome =
    error === 'blocked'
      ? 'refused-by-provider'
      : error !== undefined || conversation.answered === 0
        ? 'errored'
        : 'answered'
  const values = outcome === 'answered' ? scores.map((of) => verdictOf(of, rules, unread)) : []
  const verdict =
    (['breach', 'partial', 'resisted'] as const).find((name) => values.includes(name)) ?? 'ungradable'
  const number = scores.map(({ score_value: value }) => Number(value)).find(Number.isFinite)
  return {
    item,
    probe,
    cluster: `${probe}/${conversation.cluster?.slice(0, 16) ?? item}`,
    strategy: conversation.strategy || 'plain',
    repetition: 1,
    outcome,
    ...(outcome === 'answered' && { verdict }),
    ...(number !== undefined && { score: number }),
    ...(prompt !== undefined && { prompt }),
    ...(response !== undefined && outcome === 'answered' && { response }),
  }
}

function verdictOf(
  of: Score,
  rules: BreachRules,
  unread: Map<string, number>,
): NonNullable<ImportedAttempt['verdict']> {
  const name = className(of.scorer_class_identifier) ?? of.score_type ?? 'score'
  const value = of.score_value
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  const rule = rules[name]
  if (rule) return applyBreachRule(rule, 'breach' in rule ? value : number)
  if (value === true || value === 'True' || value === 'true') return 'breach'
  if (value === false || value === 'False' || value === 'false') return 'resisted'
  if (of.score_type === 'float_scale') unread.set(name, (unread.get(name) ?? 0) + 1)
  return 'ungradable'
}
