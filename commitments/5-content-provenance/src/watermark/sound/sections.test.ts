import { beforeAll, describe, expect, it } from 'vitest'
import { soundAgreement } from '../../fingerprint/sound-agreement.ts'
import { soundRun } from '../../fingerprint/sound-run.ts'
import { music } from '../../media/sound-sample.ts'
import { watchFor } from './detect-sections.ts'
import { embed } from './embed.ts'
import { sectionsOf } from './sections.ts'
import { slower } from './slower.ts'

const KEY = Buffer.alloc(32, 5)
const PAYLOAD = { service: 513, contentId: 'a1b2c3d4e5f6' }
const RATE = 8_000
/** As if ten minutes were two. */
const WHOLE = 120
const SECONDS = 160

async function* inPieces(samples: Float32Array, length = 7_001): AsyncGenerator<Float32Array[]> {
  for (let at = 0; at < samples.length; at += length) yield [samples.subarray(at, at + length)]
}

async function listened(samples: Float32Array) {
  const [watch, run] = [watchFor(KEY), soundRun()]
  let sections = 0
  for await (const section of sectionsOf(inPieces(samples), RATE, WHOLE)) {
    watch.hear(section)
    run.hear(section)
    sections++
  }
  return { watch, run, sections }
}

describe('long sound, of which no more than a part is held', () => {
  let sound: Float32Array
  let marked: Float32Array
  let all: Awaited<ReturnType<typeof listened>>
  beforeAll(async () => {
    sound = new Float32Array(SECONDS * RATE)
    for (let at = 0; at < SECONDS; at += 20) sound.set(music(20, RATE, at + 1), at * RATE)
    marked = embed([sound], RATE, PAYLOAD, KEY, { origin: 31.7 }).channels[0]!
    all = await listened(marked)
  })

  it('holds its mark from the beginning to the end', () => {
    expect(all.sections).toBe(2)
    expect(all.watch.holds(PAYLOAD)).toBe(true)
    expect(all.watch.holds({ ...PAYLOAD, service: 514 })).toBe(false)
    expect(all.watch.found('intact')).toMatchObject({ ...PAYLOAD, speed: { time: 1, pitch: 1 } })
  })

  it('is known in a part, wherever it was cut, and in a minute amid other sound', async () => {
    const cut = await listened(marked.subarray(31.3 * RATE, 157.3 * RATE))
    expect(cut.watch.found('intact')).toMatchObject(PAYLOAD)
    expect(soundAgreement(all.run.look().layout, cut.run.view())?.whole).toBeGreaterThan(0.9)
    const amid = sound.slice()
    amid.set(marked.subarray(70 * RATE, 130 * RATE), 65 * RATE)
    const { watch } = await listened(amid)
    expect(watch.holds(PAYLOAD)).toBe(false)
    expect(watch.found('intact')).toMatchObject(PAYLOAD)
  })

  it('has a trace of marks where two of them are mixed, and none where there was none', async () => {
    const part = sound.subarray(0, 30 * RATE)
    const copy = (contentId: string, origin: number) =>
      embed([part], RATE, { service: 1, contentId }, KEY, { origin }).channels[0]!
    const [one, other] = [copy('a1b2c3d4e5f6', 7.3), copy('0123456789ab', 30.4)]
    const mixed = one.map((sample, at) => (sample + other[at]!) / 2)
    expect((await listened(mixed)).watch.trace()?.confidence).toBeGreaterThan(32)
    expect((await listened(part)).watch.trace()).toBeUndefined()
  })

  it('runs as it does when it is heard at once', async () => {
    const once = soundRun()
    for await (const section of sectionsOf(inPieces(marked), RATE, SECONDS)) once.hear(section)
    const [inParts, atOnce] = [all.run.look(), once.look()]
    expect(inParts.milliseconds).toBe(atOnce.milliseconds)
    expect(Buffer.from(inParts.layout)).toHaveLength(atOnce.layout.length)
    expect(soundAgreement(atOnce.layout, all.run.view())).toMatchObject({ whole: expect.closeTo(1, 2) })
  })
})

it('sound is read at a slower rate alike, at once and in pieces', async () => {
  const samples = music(2, 44_100)
  const { rate, samples: made } = slower(samples, 44_100)
  expect(rate).toBe(14_700)
  expect(made).toHaveLength(2 * 14_700)
  // a tone of 500 Hz keeps its place
  const tone = Float32Array.from({ length: 44_100 }, (_, at) => Math.sin((2 * Math.PI * 500 * at) / 44_100))
  const slow = slower(tone, 44_100).samples
  for (const at of [1_000, 5_003, 14_000])
    expect(slow[at]).toBeCloseTo(Math.sin((2 * Math.PI * 500 * at) / 14_700), 2)
})
