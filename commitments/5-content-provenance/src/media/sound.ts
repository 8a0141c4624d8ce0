import { randomInt } from 'node:crypto'
import { type SoundRun, soundRun } from '../fingerprint/sound-run.ts'
import { embedInSound, ratioOf, type SoundWatch, sectionsOf, watchFor } from '../watermark/sound/index.ts'
import { CHIP_SECONDS, FRAMES } from '../watermark/sound/pattern.ts'
import type { InspectedMedia, InspectRequest, Kind, Look, MarkedMedia, MarkRequest } from './family.ts'
import { SOUND_PIECE, soundRoom } from './limits.ts'
import { progressTeller } from './progress.ts'
import { roomFor } from './room.ts'
import { openWriter } from './sound/encode.ts'
import { toldSeconds } from './sound/length.ts'
import { overlapping } from './sound/pieces.ts'
import { openSound } from './sound/source.ts'

/** A pattern takes 4.6 s; what is shorter holds no whole one. */
const SHORTEST = 5
/** Seconds of what goes before and after a piece, so that pieces fit together. */
const BESIDE = 0.5
/** The share of the time that marking takes before the mark is read back. */
const WRITING = 0.75

/**
 * Marks sound piece by piece, of any length that is taken, and reads the mark back out of the very bytes it returns: in the
 * beginning, the middle and the end where it is long. Where it cannot be read there, for the sound is too short, too quiet
 * or silent, the sound comes back as it was and says that the watermark is missing.
 */
export async function markSound(bytes: Uint8Array, kind: Kind, request: MarkRequest): Promise<MarkedMedia> {
  await roomFor(soundRoom(bytes.length, kind.name))
  const tell = progressTeller()
  const { marked, seconds, snr } = await rewritten(bytes, kind, request, (done) => tell(done * WRITING))
  const missing = async (why: string): Promise<MarkedMedia> => ({
    bytes,
    watermark: { state: 'missing', why },
    look: await lookOf(bytes, kind),
  })
  if (seconds < SHORTEST)
    return missing(
      `a sound of ${seconds.toFixed(1)} s is too short to hold it: about ${SHORTEST} s are needed`,
    )
  if (marked === undefined)
    return missing('the sound is silent where it would lie, between 500 Hz and 6.7 kHz')
  const { watch, run } = await listenedTo(marked, kind, request.key, (done) =>
    tell(WRITING + done * (1 - WRITING)),
  )
  if (!watch.holds(request.payload))
    return missing(
      `a sound like this one, of ${seconds.toFixed(1)} s, is too short, too quiet or too plain to hold it`,
    )
  return {
    bytes: marked,
    watermark: { state: 'embedded', snr: Math.round(snr * 100) / 100 },
    look: run.look(),
  }
}

/** The sound with the mark in it, written anew; undefined where it can hold none. */
async function rewritten(
  bytes: Uint8Array,
  kind: Kind,
  { key, payload }: MarkRequest,
  tell: (done: number) => Promise<void>,
): Promise<{ marked: Uint8Array | undefined; seconds: number; snr: number }> {
  const told = toldSeconds(bytes, kind)
  const source = await openSound(bytes, kind)
  const { channels, rate } = source
  const writer = await openWriter(bytes, kind, { channels, rate, seconds: told }).catch(async (error) => {
    await source.pieces.return(undefined)
    throw error
  })
  const origin = randomInt(FRAMES * 1000) / 1000
  const power = { sound: 0, change: 0 }
  let length = 0
  try {
    const beside = Math.floor(BESIDE * rate)
    for await (const stretch of overlapping(
      source.pieces,
      channels,
      Math.floor(SOUND_PIECE / channels),
      beside,
    )) {
      const { planes, from, to, at } = stretch
      const chips = (origin + at / rate / CHIP_SECONDS) % FRAMES
      const marked = embedInSound(planes, rate, payload, key, { origin: chips })
      power.sound += marked.power.sound
      power.change += marked.power.change
      await writer.write(marked.channels, from, to)
      length = at + to
      await tell(length / rate / told)
    }
    const [seconds, snr] = [length / rate, ratioOf(power)]
    const holds = seconds >= SHORTEST && Number.isFinite(snr)
    return { marked: holds ? await writer.end() : undefined, seconds, snr }
  } finally {
    await writer.stop()
    await source.pieces.return(undefined)
  }
}

async function listenedTo(
  bytes: Uint8Array,
  kind: Kind,
  key: Uint8Array,
  tell: (done: number) => Promise<void>,
): Promise<{ watch: SoundWatch; run: SoundRun }> {
  const told = toldSeconds(bytes, kind)
  const [watch, run] = [watchFor(key), soundRun()]
  const { pieces, rate } = await openSound(bytes, kind)
  for await (const section of sectionsOf(pieces, rate)) {
    watch.hear(section)
    run.hear(section)
    await tell((section.from + section.own) / told)
  }
  return { watch, run }
}

/** How it runs, at this speed. */
async function runOf(bytes: Uint8Array, kind: Kind, speed?: { time: number; pitch: number }) {
  const run = soundRun(speed)
  const { pieces, rate } = await openSound(bytes, kind)
  for await (const section of sectionsOf(pieces, rate)) run.hear(section)
  return run
}

async function lookOf(bytes: Uint8Array, kind: Kind): Promise<Look> {
  return (await runOf(bytes, kind)).look()
}

/** Looks for a mark in all of a sound, section by section where it is long. */
export async function inspectSound(
  bytes: Uint8Array,
  kind: Kind,
  { key, geometry = 'blind' }: InspectRequest,
): Promise<InspectedMedia> {
  await roomFor(soundRoom(bytes.length, kind.name))
  const { watch, run } = await listenedTo(bytes, kind, key, progressTeller())
  const found = watch.found(geometry)
  const look = run.look()
  if (found === undefined) {
    const trace = watch.trace()
    return { look, mark: undefined, ...(trace && { trace }), view: run.view() }
  }
  const { service, contentId, confidence, bitErrors, speed } = found
  // at another speed its rows lie elsewhere, which is known only now
  const altered = speed.time !== 1 || speed.pitch !== 1
  const own = altered ? await runOf(bytes, kind, speed) : run
  return {
    look,
    mark: { service, contentId, confidence, bitErrors, scale: 1, rotation: 0, mirrored: false, speed },
    view: own.view(),
  }
}
