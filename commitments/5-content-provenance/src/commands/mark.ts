import { open, rename, rm } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import type { Subcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { groupedContentId, readMaker } from '../content.ts'
import { countsDue, recordCounts } from '../mark/counts.ts'
import { type Layers, markContent } from '../mark/mark.ts'
import { readGiven } from './given.ts'

const markOptions = {
  out: z.string().min(1).max(4096).meta({ short: 'o' }).describe('Where the marked file goes'),
  model: z.string().max(400).describe('Who made it: SERVICE/MODEL, such as pictures/example-model@2.0'),
}

/** `avouch content mark`. */
export const markCommand: Subcommand = {
  summary: 'Mark a picture or sound: watermark, signed manifest, register',
  positionals: {
    IN: 'A picture (JPEG, PNG, WebP, AVIF, TIFF) or sound (WAV, FLAC, MP3, M4A, AAC, Opus, Vorbis)',
  },
  options: markOptions,
  async run({ installation, terminal, args, options }) {
    const { out, model } = z.object(markOptions).parse(options)
    const maker = readMaker(model)
    const bytes = await readGiven(args.IN!, 128 * 2 ** 20)
    const {
      bytes: marked,
      contentId,
      kind,
      mediaType,
      layers,
    } = await markContent(installation, bytes, maker)
    await writeWhole(out, marked)
    if (await countsDue(installation.db, installation.now())) await recordCounts(installation)
    terminal.say(`Marked as ${groupedContentId(contentId)}: ${out}`)
    for (const line of layerLines(layers)) terminal.say(`  ${line}`)
    terminal.result({ contentId, ...maker, layers, kind, mediaType, out })
    return 0
  },
}

function layerLines({ watermark, manifest }: Layers): string[] {
  return [
    watermark.state === 'embedded'
      ? `watermark  embedded and read back, ${('snr' in watermark ? watermark.snr : watermark.psnr).toFixed(1)} dB`
      : `watermark  MISSING: ${watermark.why}`,
    manifest.state === 'signed'
      ? `manifest   signed (C2PA), ${manifest.label}${manifest.parent ? ', with the one it had before' : ''}`
      : `manifest   MISSING: ${manifest.why}`,
    'register   kept, with a fingerprint',
  ]
}

/** The whole file under its name, or nothing: what stood there before stays until then. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}.partial`
  try {
    const file = await open(partial, 'wx', 0o666)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(partial, path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new AvouchError(
      code === 'ENOENT' || code === 'EISDIR' ? 'input' : 'disk',
      `the marked file cannot be written: ${code}`,
      {
        where: path,
        fix: 'Name a file in a folder that is there and may be written.',
        cause,
      },
    )
  } finally {
    await rm(partial, { force: true })
  }
}
