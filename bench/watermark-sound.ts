/**
 * What the sound mark costs against ffmpeg decoding and encoding the same MP3 of three minutes in stereo on one thread: the
 * median CPU time of several rounds, and the ratios. With --unmarked, how many of so many unmarked tries it takes for
 * marked, which must be none: each looks under a key of its own in a sound of --sounds (16-bit WAV, first 20 seconds), or in
 * a made-up one; every tenth at all speeds.
 *
 *     node bench/watermark-sound.ts [--rounds 3] [--seconds 180] [--unmarked 2000] [--sounds DIR] [--json]
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { decodeSound } from '../commitments/5-content-provenance/src/media/sound/decode.ts'
import type { Samples } from '../commitments/5-content-provenance/src/media/sound/samples.ts'
import { writeWav } from '../commitments/5-content-provenance/src/media/sound/wav.ts'
import { SOUND_KINDS } from '../commitments/5-content-provenance/src/media/sound-kinds.ts'
import { music } from '../commitments/5-content-provenance/src/media/sound-sample.ts'
import {
  detectInSound,
  detectInSpectra,
  embedInSound,
  spectraOf,
} from '../commitments/5-content-provenance/src/watermark/sound/index.ts'
import { clopperPearson } from '../core/src/stats/index.ts'
import { median, rounded } from './within.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '180' },
    unmarked: { type: 'string', default: '0' },
    sounds: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const [rounds, seconds, tries] = [values.rounds, values.seconds, values.unmarked].map(Number)
const RATE = 44_100
const payload = { service: 7, contentId: '0123456789ab' }
const key = randomBytes(32)

/** The median CPU time in milliseconds. */
async function cost(work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds!; round++) {
    const before = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
  }
  return median(times)
}

/** What ffmpeg says that it took of the processor, in milliseconds. */
function ffmpeg(...args: string[]): number {
  const shared = ['-nostdin', '-v', 'info', '-y', '-benchmark', '-threads', '1']
  const { stderr, status } = spawnSync('ffmpeg', [...shared, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error('ffmpeg is not there, or cannot code MP3')
  const [, user, system] = /utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr)!
  return (Number(user) + Number(system)) * 1000
}

async function timed() {
  const folder = await mkdtemp(join(tmpdir(), 'avouch-bench-'))
  try {
    const [wav, mp3, out] = ['in.wav', 'in.mp3', 'out.mp3'].map((name) => join(folder, name))
    const channels = [music(seconds!, RATE), music(seconds!, RATE, 2)]
    await writeFile(wav!, writeWav({ channels, rate: RATE }, { depth: 16, float: false }))
    ffmpeg('-i', wav!, '-b:a', '128k', mp3!)
    const bytes = new Uint8Array(await readFile(mp3!))
    const kind = SOUND_KINDS.find(({ name }) => name === 'mp3')!
    let decoded: Samples = { channels, rate: RATE }
    const decode = await cost(async () => {
      decoded = await decodeSound(bytes, kind)
    })
    const recode = median(Array.from({ length: rounds! }, () => ffmpeg('-i', mp3!, '-b:a', '128k', out!)))
    let marked = decoded.channels
    const embed = await cost(() => {
      marked = embedInSound(decoded.channels, decoded.rate, payload, key).channels
    })
    const look = (given: readonly Float32Array[], rate: number, expected: string | undefined): void => {
      const found = detectInSound(given, rate, key)
      if (found?.contentId !== expected) throw new Error(`expected ${expected}, found ${found?.contentId}`)
    }
    const intact = await cost(() => look(marked, decoded.rate, payload.contentId))
    // played at another rate it is faster, and higher
    const faster = await cost(() => look(marked, decoded.rate * 1.04, payload.contentId))
    const nothing = await cost(() => look(decoded.channels, decoded.rate, undefined))
    return { decode, recode, embed, intact, faster, nothing }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function unmarkedSounds(): Promise<Samples[]> {
  const names = values.sounds ? (await readdir(values.sounds)).filter((name) => name.endsWith('.wav')) : []
  if (names.length === 0)
    return [1, 2, 3, 4].map((seed) => ({ channels: [music(20, 16_000, seed)], rate: 16_000 }))
  return Promise.all(
    names.map(async (name) => {
      const { channels, rate } = await decodeSound(
        new Uint8Array(await readFile(join(values.sounds!, name))),
        SOUND_KINDS[0]!,
      )
      return { channels: channels.map((own) => own.slice(0, 20 * rate)), rate }
    }),
  )
}

async function falseAccepts(): Promise<{ tries: number; sounds: number; accepted: number; upper: number }> {
  const sounds = await unmarkedSounds()
  let accepted = 0
  sounds.forEach(({ channels, rate }, sound) => {
    const spectra = spectraOf(channels, rate)
    for (let at = sound; at < tries!; at += sounds.length)
      if (detectInSpectra(spectra, randomBytes(32), { geometry: at % 10 === 0 ? 'blind' : 'intact' }))
        accepted++
  })
  const upper = rounded(clopperPearson(accepted, tries!).high, 6)
  return { tries: tries!, sounds: sounds.length, accepted, upper }
}

const { decode, recode, embed, intact, faster, nothing } = await timed()
const results = {
  milliseconds: Object.fromEntries(
    Object.entries({ decode, recode, embed, intact, faster, nothing }).map(([name, ms]) => [
      name,
      rounded(ms, 0),
    ]),
  ),
  'decode, mark and encode / decode and encode': rounded((recode + embed) / recode, 2),
  'decode and check intact / decode and encode': rounded((decode + intact) / recode, 2),
  'decode and check at another speed / decode and encode': rounded((decode + faster) / recode, 2),
  'decode and check without a mark / decode and encode': rounded((decode + nothing) / recode, 2),
  ...(tries! > 0 && { unmarked: await falseAccepts() }),
}
if (values.json) console.log(JSON.stringify(results))
else console.log(results)
