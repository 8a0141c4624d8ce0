import { soundLookOf, soundViewOf } from '../fingerprint/sound.ts'
import { detectInSpectra, embedInSound, spectraOf } from '../watermark/sound/index.ts'
import type { InspectedMedia, InspectRequest, Kind, MarkedMedia, MarkRequest } from './family.ts'
import { decodeSound } from './sound/decode.ts'
import { encodeSound } from './sound/encode.ts'
import { secondsOf } from './sound/samples.ts'

/** A pattern takes 4.6 s; what is shorter holds no whole one. */
const SHORTEST = 5

/**
 * Marks sound and reads the mark back out of the very bytes it returns. Where it cannot be read there, for the sound is too
 * short, too quiet or silent, the sound comes back as it was and says that the watermark is missing.
 */
export async function markSound(bytes: Uint8Array, kind: Kind, request: MarkRequest): Promise<MarkedMedia> {
  const { key, payload } = request
  const samples = await decodeSound(bytes, kind)
  const seconds = secondsOf(samples)
  const missing = (why: string): MarkedMedia => ({
    bytes,
    watermark: { state: 'missing', why },
    look: soundLookOf(spectraOf(samples.channels, samples.rate)),
  })
  if (seconds < SHORTEST)
    return missing(
      `a sound of ${seconds.toFixed(1)} s is too short to hold it: about ${SHORTEST} s are needed`,
    )
  const { channels, snr } = embedInSound(samples.channels, samples.rate, payload, key)
  if (!Number.isFinite(snr))
    return missing('the sound is silent where it would lie, between 500 Hz and 6.7 kHz')
  const marked = await encodeSound(bytes, kind, { ...samples, channels })
  const written = await decodeSound(marked, kind)
  const spectra = spectraOf(written.channels, written.rate)
  const found = detectInSpectra(spectra, key, { geometry: 'intact' })
  if (found?.contentId !== payload.contentId || found.service !== payload.service)
    return missing(
      `a sound like this one, of ${seconds.toFixed(1)} s, is too short, too quiet or too plain to hold it`,
    )
  return {
    bytes: marked,
    watermark: { state: 'embedded', snr: Math.round(snr * 100) / 100 },
    look: soundLookOf(spectra),
  }
}

export async function inspectSound(
  bytes: Uint8Array,
  kind: Kind,
  { key, geometry }: InspectRequest,
): Promise<InspectedMedia> {
  const { channels, rate } = await decodeSound(bytes, kind)
  const spectra = spectraOf(channels, rate)
  const found = detectInSpectra(spectra, key, { geometry: geometry ?? 'blind' })
  const look = soundLookOf(spectra)
  if (found === undefined) return { look, mark: undefined, view: soundViewOf(spectra) }
  const { service, contentId, confidence, bitErrors, speed } = found
  return {
    look,
    mark: { service, contentId, confidence, bitErrors, scale: 1, rotation: 0, mirrored: false, speed },
    view: soundViewOf(spectra, speed),
  }
}
