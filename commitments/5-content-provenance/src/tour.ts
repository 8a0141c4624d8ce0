import type { Tour } from '@avouch/core/tour'
import { checkContent } from './check/check.ts'
import { groupedContentId } from './content.ts'
import { makeAuthority } from './manifest/authority.ts'
import { readCredential } from './manifest/credential.ts'
import { recordCounts } from './mark/counts.ts'
import { markContent } from './mark/mark.ts'
import { pictureOf } from './media/sample.ts'
import { decodeSound } from './media/sound/decode.ts'
import { writeWav } from './media/sound/wav.ts'
import { SOUND_KINDS } from './media/sound-kinds.ts'
import { faster, music } from './media/sound-sample.ts'
import { recordPrivacy } from './register/privacy.ts'
import { exemptVoice } from './tour-exempt.ts'
import { proveMarks } from './tour-proof.ts'

/** A picture and a sound of the example release: marked, attacked until its manifest is gone, and known all the same. */
export async function contentTour(tour: Tour): Promise<void> {
  const { installation, release, tell } = tour
  const { default: sharp } = await import('sharp')
  const maker = { service: 'example-pictures', model: release }
  if ((await readCredential(installation.config)) === undefined) {
    await makeAuthority(installation.config, {
      organisation: 'Example Company',
      now: installation.now(),
      replace: false,
    })
    tell('A test authority now signs C2PA manifests; nobody else trusts it.')
  }
  const picture = new Uint8Array(await pictureOf(2026, 960, 640).jpeg({ quality: 92 }).toBuffer())
  const marked = await markContent(installation, picture, maker)
  tell(`A picture was marked as ${groupedContentId(marked.contentId)}: watermark, manifest, register.`)
  const attacked = await sharp(marked.bytes)
    .extract({ left: 120, top: 60, width: 760, height: 520 })
    .resize(600)
    .jpeg({ quality: 60 })
    .toBuffer()
  const checked = await checkContent(installation, new Uint8Array(attacked))
  tell(
    `Cropped, shrunk, compressed and stripped of its manifest, it is ${checked.contentId === marked.contentId ? `still known: “${checked.verdict}”` : 'NOT known any more'}.`,
  )
  const other = await checkContent(
    installation,
    new Uint8Array(await pictureOf(7, 960, 640).jpeg({ quality: 92 }).toBuffer()),
  )
  tell(`A picture that nobody marked: “${other.verdict}”, which does not say how it was made.`)
  await soundTour(installation, release, tell)
  await exemptVoice(tour)
  await proveMarks(tour, maker)
  await recordCounts(installation)
  await recordPrivacy(installation, maker)
}

/** Sound needs no ffmpeg while it is WAV. */
async function soundTour(
  installation: Tour['installation'],
  release: string,
  tell: Tour['tell'],
): Promise<void> {
  const rate = 16_000
  const written = (samples: Float32Array) =>
    writeWav({ channels: [samples], rate }, { depth: 16, float: false })
  const maker = { service: 'example-voices', model: release }
  const marked = await markContent(installation, written(music(16, rate)), maker)
  tell(`A sound was marked as ${groupedContentId(marked.contentId)}, by the same three layers.`)
  const kind = SOUND_KINDS.find((one) => one.name === marked.kind)!
  const { channels } = await decodeSound(marked.bytes, kind)
  const attacked = faster(channels[0]!.slice(2 * rate, 14 * rate), 1.05)
  const checked = await checkContent(installation, written(attacked))
  tell(
    `Cut to twelve seconds, played five hundredths faster and stripped, it is ${checked.contentId === marked.contentId ? `still known: “${checked.verdict}”` : 'NOT known any more'}.`,
  )
}
