import type { Subcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { groupedContentId, readMaker } from '../content.ts'
import { countsDue, recordCounts } from '../mark/counts.ts'
import { type Layers, markContent, orUnregister } from '../mark/mark.ts'
import { loadFamilies } from '../media/families.ts'
import type { EmbeddedSound } from '../media/family.ts'
import { MOST_BYTES, readGiven } from './given.ts'
import { shownOn } from './shown.ts'
import { openWhole } from './whole-file.ts'

const markOptions = {
  out: z.string().min(1).max(4096).meta({ short: 'o' }).describe('Where the marked file goes'),
  model: z.string().max(400).describe('Who made it: SERVICE/MODEL, such as pictures/example-model@2.0'),
}

/** `avouch content mark`. */
export const markCommand: Subcommand = {
  summary: 'Mark a picture, sound or film: watermark, signed manifest, register',
  positionals: {
    IN: 'A picture (JPEG, PNG, WebP, AVIF, TIFF), sound (WAV, FLAC, MP3, M4A, AAC, Opus, Vorbis) or film (MP4, MOV, WebM)',
  },
  options: markOptions,
  async run({ installation, terminal, args, options, signal }) {
    const { out, model } = z.object(markOptions).parse(options)
    const maker = readMaker(model)
    const bytes = await readGiven(args.IN!, MOST_BYTES)
    // opened first: what cannot be given out must not stand in the register
    const file = await openWhole(out)
    const { contentId, kind, mediaType, layers } = await (async () => {
      try {
        const marked = await markContent(installation, bytes, maker, {
          onProgress: shownOn(terminal, 'Marking'),
          signal,
        })
        await orUnregister(installation, marked.contentId, () => file.write(marked.bytes))
        return marked
      } finally {
        await file.close()
      }
    })()
    if (await countsDue(installation.db, installation.now())) await recordCounts(installation)
    terminal.say(`Marked as ${groupedContentId(contentId)}: ${out}`)
    for (const line of layerLines(layers)) terminal.say(`  ${line}`)
    const ending = await endingOf(kind)
    if (!ending.some((one) => out.toLowerCase().endsWith(`.${one}`)))
      terminal.say(
        `  its kind   ${kind}, as IN is: nothing is converted, and its name should end in .${ending[0]}`,
      )
    terminal.result({ contentId, ...maker, layers, kind, mediaType, out })
    return 0
  },
}

/** How the names of files of a kind end. */
async function endingOf(name: string): Promise<readonly string[]> {
  const families = await loadFamilies()
  return families.flatMap(({ kinds }) => kinds).find((kind) => kind.name === name)?.endings ?? []
}

function layerLines({ watermark, manifest }: Layers): string[] {
  return [
    watermark.state === 'embedded'
      ? `watermark  embedded and read back, ${('snr' in watermark ? watermark.snr : watermark.psnr).toFixed(1)} dB`
      : `watermark  MISSING: ${watermark.why}`,
    ...('sound' in watermark && watermark.sound ? [soundLine(watermark.sound)] : []),
    manifest.state === 'signed'
      ? `manifest   signed (C2PA), ${manifest.label}${manifest.parent ? ', with the one it had before' : ''}`
      : `manifest   MISSING: ${manifest.why}`,
    'register   kept, with a fingerprint',
  ]
}

function soundLine(sound: EmbeddedSound): string {
  return sound.state === 'embedded'
    ? `  in sound embedded and read back, ${sound.snr.toFixed(1)} dB`
    : `  in sound MISSING: ${sound.why}`
}
