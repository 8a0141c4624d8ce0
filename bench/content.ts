/**
 * What marking and checking cost as a whole, against sharp decoding, and decoding and encoding, the same 1080p JPEG: CPU
 * time of this program, of its content processes and of whatever they started, by the kernel's account (Linux), per round.
 * Marking is watermark, signed manifest and register; checking is the public check with its three layers, and, beside it,
 * what it costs to look for the watermark alone. Without --picture the picture is made up.
 *
 *     node bench/content.ts [--rounds 20] [--picture FILE] [--json]
 */
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
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
    rounds: { type: 'string', default: '20' },
    picture: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const [WIDTH, HEIGHT] = [1920, 1080]
/** Of the kernel's clock for processes, in milliseconds. */
const TICK = 10
sharp.concurrency(1)
sharp.cache(false)

/** CPU milliseconds of this process and all that descend from it, in the kernel's ticks. */
function spent(): number {
  const parents = new Map<number, number>()
  const times = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      parents.set(Number(name), Number(fields[1]))
      // user and system time, of the process and of its children that ended
      times.set(Number(name), [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) * TICK)
    } catch {
      // it has ended meanwhile
    }
  }
  const descends = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at))
      if (at === process.pid) return true
    return false
  }
  return [...times].reduce((sum, [pid, time]) => sum + (descends(pid) ? time : 0), 0)
}

/** Mean CPU milliseconds of a round, after a third of the rounds to warm up. */
async function cost(work: () => Promise<unknown>): Promise<number> {
  for (let round = 0; round < Math.ceil(rounds / 3); round++) await work()
  const before = spent()
  for (let round = 0; round < rounds; round++) await work()
  return (spent() - before) / rounds
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
  const milliseconds = {
    decode: await cost(() => sharp(jpeg).raw().toBuffer()),
    recode: await cost(() => sharp(jpeg).jpeg({ quality: 90 }).toBuffer()),
    mark: await cost(() => markContent(installation, jpeg, maker)),
    'check, stripped': await cost(() => checkContent(installation, stripped)),
    'check, marked': await cost(() => checkContent(installation, marked)),
    'watermark, intact': await cost(() => look(stripped, 'intact', contentId)),
    'watermark, blind, turned': await cost(() => look(turned, 'blind', contentId)),
    'watermark, blind, none': await cost(() => look(jpeg, 'blind')),
  }
  return {
    milliseconds: Object.fromEntries(
      Object.entries(milliseconds).map(([name, ms]) => [name, rounded(ms, 1)]),
    ),
    'mark / decode and encode': rounded(milliseconds.mark / milliseconds.recode, 2),
    'check intact / decode': rounded(milliseconds['watermark, intact'] / milliseconds.decode, 2),
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
