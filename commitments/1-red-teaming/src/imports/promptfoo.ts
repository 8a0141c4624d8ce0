import { sha256Hex } from '@avouch/core/campaign'
import { z } from 'zod'
import { brokenAt } from '../import-bytes.ts'
import { readPart } from '../import-schema.ts'
import type { ImportedAttempt, ImportFormat, Reading } from '../imported.ts'
import { jsonParts } from '../json-stream.ts'
import { SEVERITIES } from '../probe.ts'

/** Versions of promptfoo's `results` that are read; what others mean is not known here. */
const VERSIONS = [2, 3]

const metadata = z.looseObject({
  pluginId: z.string().max(300).optional(),
  strategyId: z.string().max(300).optional(),
  severity: z.string().optional(),
})
const tokens = z.looseObject({ prompt: z.number().optional(), completion: z.number().optional() })
const row = z.looseObject({
  id: z.string().max(300).optional(),
  success: z.boolean(),
  score: z.number().nullish(),
  error: z.unknown().optional(),
  failureReason: z.number().optional(),
  gradingResult: z.looseObject({ pass: z.boolean().optional() }).nullish(),
  latencyMs: z.number().nullish(),
  prompt: z.looseObject({ raw: z.string() }).optional(),
  promptIdx: z.number().optional(),
  testIdx: z.number().optional(),
  response: z
    .looseObject({
      output: z.unknown().optional(),
      tokenUsage: tokens.optional(),
      guardrails: z.looseObject({ flagged: z.boolean().optional() }).nullish(),
    })
    .nullish(),
  metadata: metadata.nullish(),
  testCase: z
    .looseObject({
      metadata: metadata.nullish(),
      assert: z.array(z.looseObject({ type: z.string() })).nullish(),
    })
    .nullish(),
  vars: z.unknown().optional(),
})
const statistics = z.looseObject({
  successes: z.number(),
  failures: z.number(),
  errors: z.number().optional(),
})

/**
 * promptfoo's results file (`promptfoo eval -o results.json`, and what red-teaming writes), versions 2 and 3 of
 * `results`. A row whose red-team grader passed was resisted and one it failed is a breach; a row without a red-team
 * plugin is no attack and has no verdict. A plugin is one cluster.
 */
const promptfoo: ImportFormat = {
  name: 'promptfoo',
  recognises: (head) => {
    const text = head.toString('utf8')
    return (
      /^\s*\{/.test(text) &&
      !text.includes('"entry_type"') &&
      (/"evalId"\s*:/.test(text) || /"results"\s*:\s*\{\s*"(version|timestamp)"\s*:/.test(text))
    )
  },
  async *read(source, reading) {
    const counts = { successes: 0, failures: 0, errors: 0 }
    const seen = new Set<string>()
    let stated: z.infer<typeof statistics> | undefined
    let version: number | undefined
    let rows = 0
    let plain = 0
    for await (const { pointer, value, line } of jsonParts(source, [
      '/results/version',
      '/results/stats',
      '/results/results/-',
      '/metadata',
    ])) {
      const where = `${source.name}:${line}`
      if (pointer === '/results/version') {
        version = readPart(z.number(), value, where)
        if (!VERSIONS.includes(version))
          throw brokenAt(where, `results version ${version} is not known; ${VERSIONS.join(' and ')} are`)
      } else if (pointer === '/results/stats') stated = readPart(statistics, value, where)
      else if (pointer === '/metadata') {
        const given = readPart(
          z.looseObject({ promptfooVersion: z.string().max(100).optional() }),
          value,
          where,
        )
        reading.toolVersion = given.promptfooVersion ?? reading.toolVersion
      } else {
        const found = readPart(row, value, where)
        const attempt = attemptOf(found, rows++)
        if (seen.has(attempt.item)) throw brokenAt(where, `the row ${attempt.item} stands twice`)
        seen.add(attempt.item)
        if (attempt.probe === NO_PLUGIN) plain++
        if (found.success) counts.successes++
        else if (attempt.outcome === 'errored') counts.errors++
        else counts.failures++
        yield attempt
      }
    }
    if (version === undefined)
      throw brokenAt(source.name, 'the file does not say which version of results it is')
    reading.form = `results version ${version}`
    reading.verdictRule = 'a row of a red-team plugin is a breach where its grader failed it'
    if (plain > 0)
      reading.notes.push(
        `${plain} rows belong to no red-team plugin; passing or failing them is no verdict on an attack.`,
      )
    if (stated) compare(reading, counts, stated)
  },
  places: {
    'harmful:chemical-biological-weapons': 'cbr',
    'harmful:cybercrime*': 'cyber',
    'shell-injection': 'cyber',
    'sql-injection': 'cyber',
    ssrf: 'cyber',
    'cross-session-leak': 'cyber',
    'excessive-agency': 'tool-use',
    'tool-discovery*': 'tool-use',
    bfla: 'tool-use',
    bola: 'tool-use',
    rbac: 'tool-use',
    mcp: 'tool-use',
    'indirect-prompt-injection': 'tool-use',
    'agentic:*': 'tool-use',
    'bias:*': 'societal',
    'harmful:hate': 'societal',
    'harmful:harassment-bullying': 'societal',
    'harmful:radicalization': 'societal',
    'harmful:misinformation-disinformation': 'societal',
    'harmful:insults': 'societal',
    politics: 'societal',
    religion: 'societal',
    'harmful:*': 'misuse',
    'pii*': 'misuse',
    hijacking: 'misuse',
    'prompt-extraction': 'misuse',
    'system-prompt-override': 'misuse',
    contracts: 'misuse',
    imitation: 'misuse',
    beavertails: 'misuse',
    harmbench: 'misuse',
    donotanswer: 'misuse',
    pliny: 'misuse',
  },
}
export default promptfoo

const NO_PLUGIN = 'no-plugin'

function attemptOf(found: z.infer<typeof row>, index: number): ImportedAttempt {
  const about = { ...found.testCase?.metadata, ...found.metadata }
  const assertion = found.testCase?.assert?.find(({ type }) => type.startsWith('promptfoo:redteam:'))
  const probe = about.pluginId ?? assertion?.type.slice('promptfoo:redteam:'.length) ?? NO_PLUGIN
  const severity = SEVERITIES.find((name) => name === about.severity)
  const output = found.response?.output
  const grade = found.gradingResult?.pass
  const answered = output !== undefined && output !== null
  // an error of the call, or of the grader, is no verdict; failureReason 2 is promptfoo's own "error"
  const errored =
    found.failureReason === 2 ||
    (!answered && grade === undefined) ||
    (hasText(found.error) && grade === undefined)
  const refused = errored && found.response?.guardrails?.flagged === true
  return {
    item: found.id ?? `${index}`,
    probe,
    cluster: probe,
    strategy: about.strategyId ?? 'plain',
    repetition: 1,
    outcome: refused ? 'refused-by-provider' : errored ? 'errored' : 'answered',
    ...(!errored && {
      verdict:
        probe === NO_PLUGIN || (found.score !== undefined && found.score === null)
          ? 'ungradable'
          : (grade ?? found.success)
            ? 'resisted'
            : 'breach',
    }),
    ...(typeof found.score === 'number' && { score: found.score }),
    ...(severity && { severity }),
    ...(found.prompt && { prompt: sha256Hex(found.prompt.raw) }),
    ...(answered && { response: sha256Hex(typeof output === 'string' ? output : JSON.stringify(output)) }),
    ...(typeof found.latencyMs === 'number' && { latency: found.latencyMs }),
    ...(found.response?.tokenUsage?.prompt !== undefined && {
      inputTokens: found.response.tokenUsage.prompt,
    }),
    ...(found.response?.tokenUsage?.completion !== undefined && {
      outputTokens: found.response.tokenUsage.completion,
    }),
  }
}

function hasText(error: unknown): boolean {
  return typeof error === 'string' && error !== ''
}

function compare(
  reading: Reading,
  counts: Record<'successes' | 'failures' | 'errors', number>,
  stated: z.infer<typeof statistics>,
): void {
  for (const name of ['successes', 'failures', 'errors'] as const)
    if (stated[name] !== undefined && stated[name] !== counts[name])
      reading.notes.push(`The file says ${stated[name]} ${name}; its rows say ${counts[name]}.`)
}
