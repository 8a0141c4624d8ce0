/**
 * What marking and checking cost as a whole, against sharp decoding, and decoding and encoding, the same 1080p JPEG: CPU
 * time of this program, of its content processes and of whatever they started, by the kernel's account (Linux), and time by
 * the clock. All are done in turn, a few rounds each, and the median of the turns is given: what other work on the machine
 * adds falls on all of them alike. Marking is watermark, signed manifest and register; checking is the public check with its
 * three layers, and, beside it, what it costs to look for the watermark alone. Without --picture the picture is made up.
 *
 *     node bench/content.ts [--turns 9] [--rounds 5] [--picture FILE] [--json]
 */
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { checkContent } from '../commitments/5-content-provenance/src/check/check.ts'
import commitment from '../commitments/5-content-provenance/src/index.ts'
import { makeAuthority } from '../commitments/5-content-provenance/src/manifest/authority.ts'
import { markContent } from '../commitments/5-content-provenance/src/mark/mark.ts'
import { inContentProcess } from '../commitments/5-content-provenance/src/process/content-process.ts'
import { watermarkKey } from '../commitments/5-content-provenance/src/settings.ts'
import { scene } from '../commitments/5-content-provenance/src/watermark/picture/scene.ts'
import { loadConfig } from '../core/src/config.ts'
import { type OpenInstallation, openInstallation } from '../core/src/open.ts'
import { rounded } from './within.ts'

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '9' },
    rounds: { type: 'string', default: '5' },
    picture: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const [turns, rounds] = [Number(values.turns), Number(values.rounds)]
const [WIDTH, HEIGHT] = [1920, 1080]
/** Of the kernel's clock for processes, in milliseconds. */
const TICK = 10
sharp.concurrency(1)
sharp.cache(false)

/** CPU milliseconds of this process and all that descend from it. */
function spent(): number {
  const parents = new Map<number, number>()
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  for (const pid of pids) parents.set(Number(pid), Number(statOf(pid)?.[1]))
  const descends = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at))
      if (at === process.pid) return true
    return false
  }
  return pids.filter((pid) => descends(Number(pid))).reduce((sum, pid) => sum + spentBy(pid), 0)
}

/** Exactly what its threads took; in ticks, with those that ended and what children that ended took. */
function spentBy(pid: string): number {
  const stat = statOf(pid)
  if (stat === undefined) return 0
  const [own, ended] = [11, 13].map((at) => (Number(stat[at]) + Number(stat[at + 1])) * TICK) as [
    number,
    number,
  ]
  let threads = 0
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`))
      threads += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6
  } catch {
    // a thread has ended meanwhile, or the kernel does not tell
  }
  return Math.max(own, threads) + ended
}

/** The fields of a process's state behind its name, which may hold anything; undefined where it has ended. */
function statOf(pid: string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

type Cost = { cpu: number; clock: number }

/** Milliseconds that a round of each takes: the median of turns, after one to warm up. */
async function costs<const Name extends string>(
  works: Record<Name, () => Promise<unknown>>,
): Promise<Record<Name, Cost>> {
  const found = new Map<Name, Cost[]>()
  for (let turn = -1; turn < turns; turn++)
    for (const [name, work] of Object.entries(works) as [Name, () => Promise<unknown>][]) {
      // the first round after other work finds nothing of its own in the processor's memory
      await work()
      const [cpu, clock] = [spent(), performance.now()]
      for (let round = 0; round < rounds; round++) await work()
      const took = { cpu: (spent() - cpu) / rounds, clock: (performance.now() - clock) / rounds }
      if (turn >= 0) found.set(name, [...(found.get(name) ?? []), took])
    }
  const median = (taken: Cost[], of: keyof Cost): number =>
    taken.map((cost) => cost[of]).sort((one, other) => one - other)[taken.length >> 1]!
  return Object.fromEntries(
    [...found].map(([name, taken]) => [name, { cpu: median(taken, 'cpu'), clock: median(taken, 'clock') }]),
  ) as Record<Name, Cost>
}

const original = values.picture
  ? sharp(values.picture).resize(WIDTH, HEIGHT, { fit: 'cover' }).removeAlpha().toColourspace('srgb')
  : sharp(scene(WIDTH, HEIGHT, 'bench'), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
const jpeg = new Uint8Array(await original.jpeg({ quality: 90 }).toBuffer())
const maker = { service: 'bench', model: 'example-model@2.0' }

async function measured(installation: OpenInstallation) {
  await makeAuthority(installation.config, { organisation: 'Example', now: new Date(), replace: false })
  const key = await watermarkKey(installation.config)
  const { bytes: marked, contentId } = await markContent(installation, jpeg, maker)
  const stripped = new Uint8Array(await sharp(marked).jpeg({ quality: 75 }).toBuffer())
  const turned = new Uint8Array(
    await sharp(marked).rotate(5).resize(WIDTH, HEIGHT, { fit: 'fill' }).jpeg().toBuffer(),
  )
  const look = async (bytes: Uint8Array, geometry: 'intact' | 'blind', expected?: string): Promise<void> => {
    const { mark } = await inContentProcess('inspect', bytes, { key, geometry })
    if (mark?.contentId !== expected) throw new Error(`expected ${expected} and found ${mark?.contentId}`)
  }
  const load = loadavg()[0]!
  const found = await costs({
    decode: () => sharp(jpeg).raw().toBuffer(),
    recode: () => sharp(jpeg).jpeg({ quality: 90 }).toBuffer(),
    mark: () => markContent(installation, jpeg, maker),
    'check, stripped': () => checkContent(installation, stripped),
    'check, marked': () => checkContent(installation, marked),
    'watermark, intact': () => look(stripped, 'intact', contentId),
    'watermark, blind, turned': () => look(turned, 'blind', contentId),
    'watermark, blind, none': () => look(jpeg, 'blind'),
  })
  const each = (of: keyof Cost) =>
    Object.fromEntries(Object.entries(found).map(([name, cost]) => [name, rounded(cost[of], 1)]))
  return {
    'CPU milliseconds': each('cpu'),
    'milliseconds by the clock': each('clock'),
    'mark / decode and encode': rounded(found.mark.cpu / found.recode.cpu, 2),
    'check, stripped / decode': rounded(found['check, stripped'].cpu / found.decode.cpu, 2),
    'watermark, intact / decode': rounded(found['watermark, intact'].cpu / found.decode.cpu, 2),
    'load before and after': [load, loadavg()[0]!].map((one) => rounded(one, 1)),
  }
}

const home = await mkdtemp(join(tmpdir(), 'avouch-bench-'))
const config = loadConfig({ AVOUCH_DATABASE_URL: process.env.AVOUCH_DATABASE_URL }, { home })
const installation = await openInstallation(config, { commitments: [commitment] })
const results = await measured(installation).finally(async () => {
  await installation.close()
  await rm(home, { recursive: true, force: true })
})
if (values.json) console.log(JSON.stringify(results))
else console.log(results)
