/**
 * What insider-threat detection costs: a file of events as JSON Lines is read, parsed, put in order and judged, as
 * `avouch weights detect` does it, in a process of its own. Events a second are told against the time that passed and
 * against the CPU all threads took (garbage collection included), which other work on the machine changes less; beside
 * them stand reading and `JSON.parse` of the same lines alone, and the peak memory, which people times models bound:
 * three times the events of the same people take no more. Reads come in sittings of up to twelve pieces; with --scattered
 * no two acts belong together, which is the dearest: each has an hour of its own to be judged.
 *
 *     node bench/detection.ts [--events 1000000,3000000] [--people 300] [--models 6] [--scattered] [--dir /dev/shm] [--json]
 */
import { execFile } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { Watch } from '../commitments/3-weight-security/src/detection/detect.ts'
import { eventsOf } from '../commitments/3-weight-security/src/intake/event-file.ts'
import { bytesOf, linesOf } from '../commitments/3-weight-security/src/intake/lines.ts'
import { type Random, random } from '../core/src/stats/index.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000,3000000' },
    people: { type: 'string', default: '300' },
    models: { type: 'string', default: '6' },
    dir: { type: 'string', default: '/dev/shm' },
    scattered: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** What the processes of their own are told to do. */
    run: { type: 'string' },
    file: { type: 'string' },
  },
})
const DAY = 86_400_000

type Cost = { events: number; seconds: number; cpu: number; peak: number }
type Judged = Cost & { people: number; models: number; alerts: number; malformed: number }

/** A day at a time, so that a record of any length takes no memory: 10,000 events of the same people on each. */
function makeRecord(path: string, count: number, people: number, models: number): void {
  const source = random(`bench/${count}`)
  const file = openSync(path, 'wx')
  for (let made = 0, day = 0; made < count; day++) {
    const acts: { at: number; line: string }[] = []
    while (acts.length < Math.min(10_000, count - made))
      acts.push(...sitting(source, day, people, models).slice(0, count - made - acts.length))
    acts.sort((a, b) => a.at - b.at)
    made += acts.length
    writeSync(file, `${acts.map(({ line }) => line).join('\n')}\n`)
  }
  closeSync(file)
}

/** Somebody reads a part of a model in up to twelve pieces, one after the other; scattered, each act stands alone. */
function sitting(
  source: Random,
  day: number,
  people: number,
  models: number,
): { at: number; line: string }[] {
  const n = Math.floor(people * source.uniform() ** 2)
  const pieces = values.scattered ? 1 : 1 + source.below(12)
  const host = source.uniform() < 0.999 ? `desk-${n}` : `desk-${source.below(1000)}`
  const model = `example-model-${(n + source.below(2)) % models}@1.0`
  const lease = `lease-${day}-${source.below(100_000)}`
  let at = day * DAY + source.below(DAY - 3_600_000)
  let from = (n * 37 + source.below(60)) % 900
  return Array.from({ length: pieces }, () => {
    const to = from + source.below(20)
    const event = {
      time: new Date(Date.UTC(2026, 0, 5) + at).toISOString(),
      person: `person-${n}`,
      role: `role-${n % 7}`,
      team: `team-${n % 40}`,
      host,
      environment: ['training', 'evaluation', 'production'][n % 3],
      action: source.uniform() < 0.9 ? 'read' : source.uniform() < 0.5 ? 'login' : 'list',
      model,
      segments: [from, to],
      bytes: source.below(2 ** 30),
      sink: `cluster-${n % 5}`,
      lease,
      outcome: 'ok',
    }
    const act = { at, line: JSON.stringify(event) }
    at += 1000 + source.below(60_000)
    from = to + 1
    return act
  })
}

async function judge(path: string): Promise<Judged> {
  const malformed = { count: 0, first: [] }
  const watch = new Watch({ alertsPerDay: 3 })
  const cost = await costOf(async () => {
    let events = 0
    for await (const batch of eventsOf(path, malformed))
      for (const event of batch) {
        watch.add(event)
        events++
      }
    return events
  })
  const { people, models, alerts } = watch.end()
  return { ...cost, people, models, alerts: alerts.length, malformed: malformed.count }
}

async function parseOnly(path: string): Promise<Cost> {
  return costOf(async () => {
    let events = 0
    for await (const lines of linesOf(bytesOf(path)))
      for (const line of lines) if ((JSON.parse(line) as { person: string }).person !== '') events++
    return events
  })
}

async function costOf(work: () => Promise<number>): Promise<Cost> {
  const [start, before] = [performance.now(), process.cpuUsage()]
  const events = await work()
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - start) / 1000
  return { events, seconds, cpu: (user + system) / 1e6, peak: process.resourceUsage().maxRSS * 1024 }
}

async function alone<T>(run: string, file: string): Promise<T> {
  const script = fileURLToPath(import.meta.url)
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--run', run, '--file', file])
  return JSON.parse(stdout) as T
}

if (values.run !== undefined) {
  const path = values.file!
  console.log(JSON.stringify(values.run === 'judge' ? await judge(path) : await parseOnly(path)))
} else {
  const dir = await mkdtemp(join(values.dir, 'avouch-detection-'))
  try {
    const rows: { parse: Cost; judged: Judged }[] = []
    for (const count of values.events.split(',').map(Number)) {
      const path = join(dir, `${count}.jsonl`)
      makeRecord(path, count, Number(values.people), Number(values.models))
      const [parse, judged] = [await alone<Cost>('parse', path), await alone<Judged>('judge', path)]
      rows.push({ parse, judged })
      await rm(path)
      if (!values.json) tell(parse, judged)
    }
    if (values.json) console.log(JSON.stringify({ rows, load: loadavg() }))
    else
      console.log(
        `load ${loadavg()
          .map((load) => load.toFixed(1))
          .join(' ')}`,
      )
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

function tell(parse: Cost, judged: Judged): void {
  const rate = ({ events, seconds }: Cost): string => `${Math.round(events / seconds).toLocaleString('en')}/s`
  const byCpu = ({ events, cpu }: Cost): string => `${Math.round(events / cpu).toLocaleString('en')}/s`
  console.log(
    `${judged.events.toLocaleString('en')} events of ${judged.people} people on ${judged.models} models: judged ${rate(judged)}, ${byCpu(judged)} of CPU; JSON.parse alone ${rate(parse)}, ${byCpu(parse)} of CPU; ratio ${(parse.cpu / judged.cpu).toFixed(2)}; peak ${Math.round(judged.peak / 2 ** 20)} MiB; ${judged.alerts} alerts`,
  )
}
