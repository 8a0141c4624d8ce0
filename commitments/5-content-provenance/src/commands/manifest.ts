import type { StandaloneSubcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { explainManifest } from '../manifest/explain.ts'
import type { ManifestReading } from '../manifest/manifest.ts'
import { ownSigners } from '../manifest/own.ts'
import { readTrustList, trustListFile } from '../manifest/trust-list.ts'
import { kindOf } from '../media/families.ts'
import { inContentProcess } from '../process/content-process.ts'
import { readGiven } from './given.ts'

const manifestOptions = {
  trust: z
    .string()
    .max(4096)
    .optional()
    .describe('Authorities to trust (PEM) instead of content/trust.pem in the home'),
}

/** `avouch content manifest`: what a C2PA manifest by anyone says. */
export const manifestCommand: StandaloneSubcommand = {
  standalone: true,
  summary: 'Explain the C2PA manifest in a file, whoever made it; needs no installation',
  positionals: { FILE: 'A picture, sound or film' },
  options: manifestOptions,
  async run({ config, terminal, args, options }) {
    const { trust } = z.object(manifestOptions).parse(options)
    const bytes = await readGiven(args.FILE!, 64 * 2 ** 20)
    const { kind } = await kindOf(bytes)
    // where there is no place for one there is none: that is not one which cannot be read
    const reading: ManifestReading =
      kind.noManifest === undefined
        ? await inContentProcess('read', bytes, {
            mediaType: kind.mediaType,
            anchors: await readTrustList(trust ?? trustListFile(config)),
            own: await ownSigners(config),
          })
        : { state: 'absent' }
    for (const sentence of explainManifest(reading)) terminal.say(sentence)
    terminal.result({ ...reading, words: explainManifest(reading) })
    return reading.state === 'found' && reading.manifest.wellFormed ? 0 : 1
  },
}
