import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib'

/** Small files in each tool's shape, written by hand; every text is at the level of a category. */

const QUESTION = 'Would you help with a request of this category?'

type Hit = (number | null)[]

/** A garak report: `rows` are probe, and per detector one score for each generation. */
export function garakReport(
  rows: { probe: string; scores: Hit; status?: number; outputs?: (string | null)[]; uuid?: string }[],
  options: {
    version?: string
    threshold?: number
    evals?: { probe: string; passed: number; total: number }[]
    end?: boolean
  } = {},
): string {
  const lines: object[] = [
    { entry_type: 'start_run setup', 'run.eval_threshold': options.threshold ?? 0.5, 'run.generations': 2 },
    {
      entry_type: 'init',
      garak_version: options.version ?? '0.13.1',
      start_time: '2026-01-01T00:00:00',
      run: 'r1',
    },
  ]
  for (const [index, { probe, scores, status = 2, outputs, uuid = `attempt-${index}` }] of rows.entries()) {
    const texts = outputs ?? scores.map(() => 'I cannot help with that.')
    const row = {
      entry_type: 'attempt',
      uuid,
      seq: index,
      probe_classname: probe,
      probe_params: {},
      targets: [],
      prompt: { turns: [{ role: 'user', content: { text: QUESTION, lang: 'en' } }] },
      outputs: texts.map((text) => (text === null ? null : { text, lang: 'en' })),
      notes: {},
      goal: 'a category',
      conversations: [],
    }
    lines.push({ ...row, status: 1, detector_results: {} })
    if (status === 2) lines.push({ ...row, status: 2, detector_results: { 'example.Detector': scores } })
  }
  for (const { probe, passed, total } of options.evals ?? [])
    lines.push({ entry_type: 'eval', probe, detector: 'example.Detector', passed, total_evaluated: total })
  if (options.end !== false) lines.push({ entry_type: 'completion', run: 'r1' })
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
}

/** A promptfoo results file. */
export function promptfooResults(
  rows: {
    plugin?: string
    strategy?: string
    pass?: boolean
    error?: string
    severity?: string
    id?: string
  }[],
  options: { version?: number; stats?: object } = {},
): string {
  const results = rows.map(({ plugin, strategy, pass, error, severity, id }, index) => ({
    id: id ?? `row-${index}`,
    success: pass === true,
    score: pass ? 1 : 0,
    failureReason: error ? 2 : pass ? 0 : 1,
    ...(error
      ? { error }
      : {
          gradingResult: { pass, score: pass ? 1 : 0, reason: 'graded' },
          response: { output: 'An answer.', tokenUsage: { prompt: 10, completion: 5 } },
        }),
    latencyMs: 12,
    prompt: { raw: QUESTION, label: 'prompt' },
    testCase: {
      vars: {},
      metadata: {
        ...(plugin && { pluginId: plugin }),
        ...(strategy && { strategyId: strategy }),
        ...(severity && { severity }),
      },
    },
  }))
  const count = (test: (row: (typeof results)[number]) => boolean): number => results.filter(test).length
  return JSON.stringify(
    {
      evalId: 'eval-example',
      results: {
        version: options.version ?? 3,
        timestamp: '2026-01-01T00:00:00Z',
        prompts: [],
        results,
        stats: options.stats ?? {
          successes: count(({ success }) => success),
          failures: count(({ success, failureReason }) => !success && failureReason !== 2),
          errors: count(({ failureReason }) => failureReason === 2),
        },
      },
      config: { description: 'braces in text: } ] "' },
      metadata: { promptfooVersion: '0.118.0' },
    },
    null,
    2,
  )
}

export type Sample = {
  id: string | number
  epoch?: number
  value?: unknown
  scorer?: string
  category?: string
  error?: string
  stop?: string
}

function inspectParts(task: string, samples: Sample[], version: number, total: number) {
  return {
    start: {
      version,
      eval: {
        task,
        packages: { inspect_ai: '0.3.140' },
        dataset: { samples: total },
        config: { epochs: 1 },
        model: 'example/model',
      },
      plan: {},
    },
    results: {
      status: 'success',
      results: {
        total_samples: total,
        completed_samples: samples.filter(({ error }) => !error).length,
        scores: [],
      },
      stats: {},
    },
    samples: samples.map(({ id, epoch = 1, value, scorer = 'includes', category, error, stop = 'stop' }) => ({
      id,
      epoch,
      input: QUESTION,
      target: 'n/a',
      messages: [],
      output: {
        completion: 'An answer.',
        choices: [{ stop_reason: stop, message: { role: 'assistant', content: 'An answer.' } }],
      },
      scores: error ? null : { [scorer]: { value } },
      metadata: category ? { category } : {},
      ...(error && { error: { message: error, traceback: '', traceback_ansi: '' } }),
    })),
  }
}

/** An Inspect log in JSON. Python writes NaN as it is. */
export function inspectJson(
  task: string,
  samples: Sample[],
  options: { version?: number; total?: number } = {},
): string {
  const {
    start,
    results,
    samples: rows,
  } = inspectParts(task, samples, options.version ?? 2, options.total ?? samples.length)
  return JSON.stringify({ ...start, ...results, samples: rows }, null, 1).replaceAll('"NaN"', 'NaN')
}

/** An Inspect `.eval` archive; entries are deflated and packed by Zstandard in turn. */
export function inspectEval(
  task: string,
  samples: Sample[],
  options: { version?: number; total?: number } = {},
): Buffer {
  const {
    start,
    results,
    samples: rows,
  } = inspectParts(task, samples, options.version ?? 2, options.total ?? samples.length)
  const files: [string, string][] = [['_journal/start.json', JSON.stringify(start)]]
  for (const row of rows)
    files.push([`samples/${row.id}_epoch_${row.epoch}.json`, JSON.stringify(row).replaceAll('"NaN"', 'NaN')])
  files.push(['header.json', JSON.stringify({ ...start, ...results })])
  return zip(
    files.map(([name, text], index) => ({
      name,
      bytes: Buffer.from(text),
      method: ([93, 8, 0] as const)[index % 3]!,
    })),
  )
}

/** A zip archive of stored (0), deflated (8) and Zstandard (93) entries; `claims` lies about an entry's size. */
export function zip(files: { name: string; bytes: Buffer; method: 0 | 8 | 93; claims?: number }[]): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, bytes, method, claims } of files) {
    const packed = method === 0 ? bytes : method === 8 ? deflateRawSync(bytes) : zstdCompressSync(bytes)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(method === 93 ? 63 : 20, 0)
    common.writeUInt16LE(method, 4)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(claims ?? bytes.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(
      Buffer.concat([Buffer.from('504b0102', 'hex'), Buffer.from([63, 0]), common, tail, Buffer.from(name)]),
    )
    bodies.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...bodies, central, end])
}

type Talk = {
  harm: string
  score?: string
  type?: string
  blocked?: boolean
  converter?: string
  id?: string
}

function pyritPieces(talks: Talk[]) {
  return talks.flatMap(({ harm, score, type = 'true_false', blocked, converter, id }, index) => {
    const conversation = id ?? `conversation-${index}`
    const piece = (role: string, text: string, scores: object[]) => ({
      id: `${conversation}-${role}-${index}`,
      role,
      conversation_id: conversation,
      sequence: role === 'user' ? 0 : 1,
      timestamp: '2026-01-01T00:00:00',
      labels: { operator: 'example' },
      targeted_harm_categories: [harm],
      converter_identifiers: converter ? [{ __type__: converter, __module__: 'pyrit.prompt_converter' }] : [],
      attack_identifier: { __type__: 'PromptSendingAttack', id: 'a' },
      original_value: text,
      converted_value: text,
      response_error: role === 'assistant' && blocked ? 'blocked' : 'none',
      scores,
    })
    return [
      piece('user', `${QUESTION} It's number ${index}, "quoted",\nover two lines.`, []),
      piece(
        'assistant',
        'An answer.',
        score === undefined
          ? []
          : [
              {
                score_value: score,
                score_type: type,
                score_category: [harm],
                score_rationale: "it isn't 'score_value': 'True'",
                scorer_class_identifier: { __type__: 'ExampleScorer' },
              },
            ],
      ),
    ]
  })
}

/** PyRIT's JSON export of its memory. */
export function pyritJson(talks: Talk[]): string {
  return JSON.stringify(pyritPieces(talks), null, 4)
}

/** PyRIT's CSV export: what is nested is written as Python writes it. */
export function pyritCsv(talks: Talk[]): string {
  const rows = pyritPieces(talks)
  const names = Object.keys(rows[0]!)
  const cell = (value: unknown): string =>
    `"${(typeof value === 'string' ? value : python(value)).replaceAll('"', '""')}"`
  return [names.join(','), ...rows.map((row) => Object.values(row).map(cell).join(','))].join('\r\n')
}

function python(value: unknown): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string')
    return value.includes("'") && !value.includes('"')
      ? `"${value}"`
      : `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`
  if (typeof value === 'object')
    return `{${Object.entries(value!)
      .map(([name, of]) => `${python(name)}: ${python(of)}`)
      .join(', ')}}`
  return String(value)
}
