/**
 * What marking a film costs against coding it anew alone by the same encoder: CPU time of this program and of the ffmpegs it
 * starts, by the kernel's account (Linux), and the most memory that they hold together, looked at four times a second.
 * Marking is watermark in frames and sound, with reading it back out of the written file; checking is looking for it at any
 * geometry. Without --film a fractal with a tone is drawn.
 *
 *     node bench/video.ts [--seconds 10] [--film FILE.mp4] [--json]
 */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inspectVideo, markVideo } from '../commitments/5-content-provenance/src/media/video.ts'
import { VIDEO_KINDS } from '../commitments/5-content-provenance/src/media/video-kinds.ts'
import { rounded } from './within.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    film: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
/** Of the kernel's clock for processes, in seconds, and its pages, in bytes. */
const TICK = 0.01
const PAGE = 4_096
const mp4 = VIDEO_KINDS[0]!
const [key, payload] = [new Uint8Array(32).fill(1), { service: 1, contentId: '0123456789ab' }]

/** CPU seconds and bytes held by this process and all that descend from it. */
function family(): { cpu: number; held: number } {
  const found = new Map<number, { parent: number; cpu: number; held: number }>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const cpu = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) * TICK
      found.set(Number(name), { parent: Number(fields[1]), cpu, held: Number(fields[21]) * PAGE })
    } catch {
      // it has ended meanwhile
    }
  }
  const sum = { cpu: 0, held: 0 }
  for (const [pid, { cpu, held }] of found) {
    let at: number | undefined = pid
    while (at !== undefined && at > 1 && at !== process.pid) at = found.get(at)?.parent
    if (at !== process.pid) continue
    sum.cpu += cpu
    sum.held += held
  }
  return sum
}

async function cost(work: () => Promise<unknown>): Promise<{ cpu: number; held: number }> {
  const before = family().cpu
  let held = 0
  const timer = setInterval(() => {
    held = Math.max(held, family().held)
  }, 250)
  await work()
  clearInterval(timer)
  return { cpu: family().cpu - before, held: held / 2 ** 20 }
}

function ffmpeg(...args: string[]): Promise<void> {
  const child = spawn('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error('ffmpeg failed'))))
  })
}

const folder = await mkdtemp(join(tmpdir(), 'avouch-bench-'))
try {
  const film = values.film ?? join(folder, 'film.mp4')
  const coded = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
  if (values.film === undefined)
    await ffmpeg(
      ...[
        '-f',
        'lavfi',
        '-i',
        'mandelbrot=s=1280x720:r=25',
        '-f',
        'lavfi',
        '-i',
        'sine',
        '-t',
        values.seconds,
      ],
      ...[...coded, '-preset', 'veryfast', '-crf', '14', film],
    )
  const bytes = new Uint8Array(await readFile(film))
  const again = [...coded, '-preset', 'fast', '-crf', '18', join(folder, 'again.mp4')]
  const alone = await cost(() => ffmpeg('-i', film, ...again))
  let marked = bytes
  const marking = await cost(async () => {
    const { bytes: made, watermark } = await markVideo(bytes, mp4, { key, payload })
    if (watermark.state !== 'embedded') throw new Error(watermark.why)
    marked = new Uint8Array(made)
  })
  const checking = await cost(async () => {
    if ((await inspectVideo(marked, mp4, { key })).mark === undefined) throw new Error('the mark was lost')
  })
  const result = {
    bytes: bytes.length,
    codingSeconds: rounded(alone.cpu, 2),
    markSeconds: rounded(marking.cpu, 2),
    markToCoding: rounded(marking.cpu / alone.cpu, 2),
    checkSeconds: rounded(checking.cpu, 2),
    codingMib: rounded(alone.held, 0),
    markMib: rounded(marking.held, 0),
    checkMib: rounded(checking.held, 0),
  }
  if (values.json) console.log(JSON.stringify(result))
  else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(14)} ${value}`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
