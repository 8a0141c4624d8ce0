/**
 * What the picture mark costs against sharp decoding, and decoding and encoding, the same 1080p JPEG on one thread: the
 * median CPU time of several rounds, and the ratios. With --unmarked, how many of so many unmarked tries it takes for
 * marked or finds a trace in, which must be none: each looks for a random key in a random cut, every tenth blind, of the pictures in --images,
 * or of made-up ones.
 *
 *     node bench/watermark.ts [--rounds 15] [--picture FILE] [--unmarked 20000] [--images DIR] [--json]
 */
import { randomBytes, randomInt } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { pictureMark } from '../commitments/5-content-provenance/src/watermark/picture/index.ts'
import { scene } from '../commitments/5-content-provenance/src/watermark/picture/scene.ts'
import { clopperPearson } from '../core/src/stats/index.ts'
import { median, rounded } from './within.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    picture: { type: 'string' },
    unmarked: { type: 'string', default: '0' },
    images: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
sharp.concurrency(1)
const rounds = Number(values.rounds)
const [WIDTH, HEIGHT] = [1920, 1080]
const payload = { service: 7, contentId: '0123456789ab' }
const key = randomBytes(32)

type Raw = { data: Buffer; info: { width: number; height: number } }

function fromRgb(rgb: Uint8Array, width: number, height: number) {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
}

const read = (bytes: Buffer): Promise<Raw> => sharp(bytes).raw().toBuffer({ resolveWithObject: true })

/** The median CPU time in milliseconds, after a third of the rounds to warm up. */
async function cost(work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds + Math.ceil(rounds / 3); round++) {
    const before = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
  }
  return median(times.slice(-rounds))
}

const original = values.picture
  ? sharp(values.picture).resize(WIDTH, HEIGHT, { fit: 'cover' }).removeAlpha().toColourspace('srgb')
  : fromRgb(scene(WIDTH, HEIGHT, 'bench'), WIDTH, HEIGHT)
const jpeg = await original.jpeg({ quality: 90 }).toBuffer()
const rgb = await sharp(jpeg).raw().toBuffer()
const marked = pictureMark.embed(rgb, WIDTH, HEIGHT, 3, payload, key)
const intact = await read(await fromRgb(marked.pixels, WIDTH, HEIGHT).jpeg({ quality: 75 }).toBuffer())
const turned = await read(
  await fromRgb(marked.pixels, WIDTH, HEIGHT)
    .rotate(5)
    .resize(WIDTH, HEIGHT, { fit: 'fill' })
    .jpeg()
    .toBuffer(),
)
const plain = await read(jpeg)

function look({ data, info }: Raw, geometry: 'intact' | 'blind', expected: string | undefined): void {
  const found = pictureMark.detect(data, info.width, info.height, 3, key, { geometry })
  if (found?.contentId !== expected) throw new Error(`expected ${expected} and found ${found?.contentId}`)
}

const decode = await cost(() => sharp(jpeg).raw().toBuffer())
const recode = await cost(() => sharp(jpeg).jpeg({ quality: 90 }).toBuffer())
const embed = await cost(() => pictureMark.embed(rgb, WIDTH, HEIGHT, 3, payload, key))
const found = await cost(() => look(intact, 'intact', payload.contentId))
const blind = await cost(() => look(turned, 'blind', payload.contentId))
const nothing = await cost(() => look(plain, 'blind', undefined))

/** Random cuts of unmarked pictures, each looked at under a key of its own. */
async function falseAccepts(tries: number): Promise<number> {
  const files = values.images ? (await readdir(values.images)).map((name) => join(values.images!, name)) : []
  let accepted = 0
  let picture: Raw | undefined
  for (let at = 0; at < tries; at++) {
    if (at % 50 === 0)
      picture =
        files.length > 0
          ? await sharp(files[randomInt(files.length)]!)
              .flatten()
              .toColourspace('srgb')
              .raw()
              .toBuffer({ resolveWithObject: true })
          : await read(
              await fromRgb(scene(640, 480, `unmarked ${at}`), 640, 480)
                .png()
                .toBuffer(),
            )
    const { data, info } = picture!
    const [width, height] = [Math.min(info.width, 256), Math.min(info.height, 256)]
    const left = randomInt(info.width - width + 1)
    const top = randomInt(info.height - height + 1)
    const cut = new Uint8Array(width * height * 3)
    for (let y = 0; y < height; y++) {
      const from = ((top + y) * info.width + left) * 3
      cut.set(data.subarray(from, from + width * 3), y * width * 3)
    }
    const geometry = at % 10 === 0 ? 'blind' : 'intact'
    const { mark, trace } = pictureMark.inspect(cut, width, height, 3, randomBytes(32), { geometry })
    if (mark ?? trace) accepted++
  }
  return accepted
}

const tries = Number(values.unmarked)
const accepted = tries > 0 ? await falseAccepts(tries) : undefined
const results = {
  psnr: rounded(marked.psnr, 2),
  milliseconds: Object.fromEntries(
    Object.entries({ decode, recode, embed, intact: found, blind, nothing }).map(([name, ms]) => [
      name,
      rounded(ms, 1),
    ]),
  ),
  'decode, mark and encode / decode and encode': rounded((recode + embed) / recode, 2),
  'decode and check intact / decode': rounded((decode + found) / decode, 2),
  ...(accepted === undefined
    ? {}
    : { unmarked: { tries, accepted, upper: rounded(clopperPearson(accepted, tries).high, 6) } }),
}
if (values.json) console.log(JSON.stringify(results))
else console.log(results)
