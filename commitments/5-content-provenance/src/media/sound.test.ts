import { describe, expect, it } from 'vitest'
import { kindOf } from './families.ts'
import { SOUND_LIMITS, soundWithinLimits } from './limits.ts'
import { decodeSound } from './sound/decode.ts'
import { runFfmpeg } from './sound/ffmpeg.ts'
import { readWav, replaceSamples, writeWav } from './sound/wav.ts'
import { inspectSound, markSound } from './sound.ts'
import { music } from './sound-sample.ts'

const RATE = 16_000
const key = new Uint8Array(32).fill(7)
const payload = { service: 3, contentId: '0123456789ab' }
const sound = { channels: [music(12, RATE)], rate: RATE }
const kind = async (bytes: Uint8Array) => (await kindOf(bytes)).kind
const mark = async (bytes: Uint8Array) => markSound(bytes, await kind(bytes), { payload, key })
const refusal = async (bytes: Uint8Array) =>
  decodeSound(bytes, await kind(bytes)).catch((thrown: unknown) => thrown)

describe('a WAV file', () => {
  it.each([
    { depth: 16, float: false },
    { depth: 24, float: false },
    { depth: 32, float: true },
  ])('of $depth bits comes back the same, byte for byte, where nothing changes', async (form) => {
    const short = { channels: [music(1, RATE), music(1, RATE, 2).map((sample) => -sample)], rate: RATE }
    const bytes = writeWav(short, form)
    expect(readWav(bytes)).toMatchObject({ ...form, channels: 2, rate: RATE, from: 44, to: bytes.length })
    const { channels } = await decodeSound(bytes, await kind(bytes))
    const same = replaceSamples(bytes, readWav(bytes))
    await same.write(channels, 0, 9_000)
    await same.write(channels, 9_000, RATE)
    expect(Buffer.compare(await same.end(), bytes)).toBe(0)
  })

  it('is marked at its own depth, keeps what else is in it, and is read back', async () => {
    const plain = writeWav(sound, { depth: 24, float: false })
    const tags = Buffer.from('LIST\x0a\0\0\0INFOISFTabC2PA\x02\0\0\0xy', 'latin1')
    const bytes = new Uint8Array(Buffer.concat([plain, tags]))
    const marked = await mark(bytes)
    expect(marked.watermark).toMatchObject({ state: 'embedded', snr: expect.closeTo(30.2, 0) })
    expect(marked.look).toMatchObject({ milliseconds: 12_000 })
    expect(readWav(marked.bytes)).toMatchObject({ depth: 24, rate: RATE })
    const written = Buffer.from(marked.bytes).toString('latin1')
    expect([written.includes('INFOISFTab'), written.includes('C2PA')]).toEqual([true, false])
    expect(Buffer.from(marked.bytes).readUInt32LE(4)).toBe(marked.bytes.length - 8)
  })

  it('that is silent or short is told to hold no watermark, and why', async () => {
    const silent = await mark(
      writeWav({ channels: [new Float32Array(6 * RATE)], rate: RATE }, { depth: 16, float: false }),
    )
    expect(silent.watermark).toMatchObject({ state: 'missing', why: expect.stringContaining('silent') })
    const short = await mark(
      writeWav({ channels: [music(3, RATE)], rate: RATE }, { depth: 16, float: false }),
    )
    expect(short.watermark).toMatchObject({
      state: 'missing',
      why: expect.stringContaining('3.0 s is too short'),
    })
  })

  it('is refused where it is cut off, coded otherwise, a bomb, or no sound', async () => {
    const whole = writeWav({ channels: [music(1, RATE)], rate: RATE }, { depth: 16, float: false })
    expect(await refusal(whole.subarray(0, 9_000))).toMatchObject({ code: 'input' })
    const coded = Uint8Array.from(whole)
    coded[20] = 0x11
    expect(await refusal(coded)).toMatchObject({
      message: expect.stringMatching(/holds .* of \d+ bits a sample/),
    })
    const many = Uint8Array.from(whole)
    many[22] = 200
    expect(await refusal(many)).toMatchObject({ message: expect.stringContaining('200 channels') })
    expect(await refusal(whole.subarray(0, 44))).toMatchObject({ code: 'input' })
    expect(
      await refusal(new Uint8Array(Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(400, 9)]))),
    ).toMatchObject({ code: 'input' })
    expect(() => soundWithinLimits(2, 48_000, 48_000 * 14_401)).toThrow('4 hours')
    expect(() => soundWithinLimits(8, 192_000, 192_000 * 1_100)).toThrow('1600 million samples')
    expect(() => soundWithinLimits(1, 48_000, 48_000 * 601, SOUND_LIMITS.whole)).toThrow('10 minutes')
    expect(() => soundWithinLimits(1, 4_000, 10)).toThrow('4000 samples a second')
  })
})

describe('sound that is hardly any', () => {
  const form = { depth: 16, float: false } as const
  const inspect = async (bytes: Uint8Array) => inspectSound(bytes, await kind(bytes), { key })

  it('of one sample is told to be too short, and has no mark', async () => {
    const one = writeWav({ channels: [Float32Array.of(0.5)], rate: RATE }, form)
    expect((await mark(one)).watermark).toMatchObject({
      state: 'missing',
      why: expect.stringContaining('0.0 s'),
    })
    expect(await inspect(one)).toMatchObject({ mark: undefined, look: { milliseconds: 0 } })
  })

  it('of one channel at 8 kHz is marked all the same', async () => {
    const marked = await mark(writeWav({ channels: [music(8, 8_000)], rate: 8_000 }, form))
    expect(marked.watermark).toMatchObject({ state: 'embedded' })
    expect((await inspect(marked.bytes)).mark).toMatchObject(payload)
  })

  it('is what its bytes are; bytes that only begin like sound are refused', async () => {
    const junk = (head: string) =>
      new Uint8Array(Buffer.concat([Buffer.from(head, 'latin1'), Buffer.alloc(2_000, 0x5a)]))
    for (const head of ['RIFF\x24\0\0\0WAVEfmt ', `OggS\0\x02${'\0'.repeat(20)}\x01\x13OpusHead`, 'ID3'])
      expect(await refusal(junk(head)).catch((thrown: unknown) => thrown), head).toMatchObject({
        code: 'input',
      })
    // one frame's head and no frame: the decoder has silence of it, which holds no mark
    expect((await mark(junk('\xff\xfb\x90\x64'))).watermark).toMatchObject({ state: 'missing' })
    // tags and nothing else, which took seconds to look over
    await expect(kindOf(junk('ID3\x04\0\0\0\0\0\0'.repeat(17) + '\xff\xfb\x90\x64'))).rejects.toMatchObject({
      code: 'input',
    })
    await expect(kindOf(junk('a text'))).rejects.toMatchObject({ code: 'input' })
  })
})

it('without ffmpeg, what needs it says so', async () => {
  const path = process.env.PATH
  process.env.PATH = '/nowhere'
  try {
    await expect(runFfmpeg({ input: new Uint8Array(9), from: 'aac', to: 'wav' })).rejects.toMatchObject({
      code: 'unavailable',
      fix: expect.stringContaining('Install ffmpeg'),
    })
  } finally {
    process.env.PATH = path
  }
})
