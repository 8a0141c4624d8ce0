import { lookOf } from '../fingerprint/look.ts'
import { type Plane, smaller } from '../fingerprint/shrink.ts'
import { type Detection, pictureMark, type Seen } from '../watermark/picture/index.ts'
import type {
  FoundMark,
  InspectedMedia,
  InspectRequest,
  Kind,
  Look,
  MarkedMedia,
  MarkRequest,
} from './family.ts'
import { isTranslucent, onGround } from './ground.ts'
import { lumaOf } from './luma.ts'
import { encodePicture } from './picture-encode.ts'
import { decodePicture, type Picture } from './picture-file.ts'
import { inksFor } from './picture-inks.ts'
import { release } from './release.ts'

/**
 * Marks a picture and reads the mark back out of the very bytes it returns. Where it cannot be read there, for the
 * picture is too small or too plain, the picture comes back as it was and says that the watermark is missing.
 */
export async function markPicture(bytes: Uint8Array, kind: Kind, request: MarkRequest): Promise<MarkedMedia> {
  const picture = await decodePicture(bytes, kind)
  const embedded = pictureMark.embed(
    picture.pixels,
    picture.width,
    picture.height,
    picture.channels,
    request.payload,
    request.key,
  )
  const { psnr, ...changed } =
    picture.metadata.space === 'cmyk'
      ? await inksFor(bytes, picture, embedded.pixels)
      : { psnr: embedded.psnr, pixels: embedded.pixels }
  const marked = await encodePicture(bytes, kind, picture, changed)
  release(embedded.pixels)
  const written = await decodePicture(marked, kind)
  const { service, contentId } = request.payload
  // on whatever it is shown, and not only in colours that nobody sees
  const holds = [written, ...groundsOf(written)].every((seen) => {
    const { mark: found } = inspectIn(seen, { key: request.key, geometry: 'intact' })
    return found?.contentId === contentId && found.service === service
  })
  if (holds) {
    const look = lookOfPicture(written)
    release(picture.pixels, written.pixels)
    return { bytes: marked, watermark: { state: 'embedded', psnr: Math.round(psnr * 100) / 100 }, look }
  }
  const unmarked = await encodePicture(bytes, kind, picture)
  return {
    bytes: unmarked,
    watermark: {
      state: 'missing',
      why: `a picture of ${picture.width} × ${picture.height} pixels like this one is too small, too plain or too transparent to hold it`,
    },
    look: lookOfPicture(await decodePicture(unmarked, kind)),
  }
}

export async function inspectPicture(
  bytes: Uint8Array,
  kind: Kind,
  request: InspectRequest,
): Promise<InspectedMedia> {
  const picture = await decodePicture(bytes, kind)
  const { mark, trace } = inspectIn(picture, request)
  const plane = planeOf(picture)
  const look = lookOf(plane)
  const view = smaller(plane, VIEW)
  // what is small and grey is its own view
  release(...[picture.pixels, plane.luma].filter((one) => one !== view.luma))
  return { look, mark: mark && plain(mark), ...(trace && { trace: { confidence: trace.confidence } }), view }
}

/** What is kept of its look; of one with something behind it, on white, and how its layout is on black. */
function lookOfPicture(picture: Picture): Look {
  const plane = planeOf(picture)
  const look = lookOf(plane)
  release(plane.luma)
  if (!isTranslucent(picture)) return look
  const { layout } = lookOf(planeOf(onGround(picture, BLACK)))
  return { ...look, layout: new Uint8Array(Buffer.concat([look.layout, layout])) }
}

const [BLACK, WHITE] = [0, 255]

type Pixels = Pick<Picture, 'pixels' | 'channels' | 'width' | 'height'>

/** What programs make of a picture that keep no alpha. */
function groundsOf(picture: Picture): Pixels[] {
  return isTranslucent(picture) ? [onGround(picture, WHITE), onGround(picture, BLACK)] : []
}

/** Enough for comparing layouts. */
const VIEW = 512

function planeOf(picture: Pixels): Plane {
  const { pixels, channels, width, height } = isTranslucent(picture) ? onGround(picture, WHITE) : picture
  return { luma: lumaOf(pixels, channels), width, height }
}

function inspectIn({ pixels, width, height, channels }: Pixels, { key, geometry }: InspectRequest): Seen {
  return pictureMark.inspect(pixels, width, height, channels, key, { geometry: geometry ?? 'blind' })
}

function plain({ service, contentId, confidence, bitErrors, geometry }: Detection): FoundMark {
  return { service, contentId, confidence, bitErrors, ...geometry }
}
