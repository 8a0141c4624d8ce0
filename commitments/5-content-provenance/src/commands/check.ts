import type { Subcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { checkContent } from '../check/check.ts'
import { fetchContent } from '../check/fetch.ts'
import { groupedContentId } from '../content.ts'
import { MOST_BYTES, readGiven } from './given.ts'
import { shownOn } from './shown.ts'

const checkOptions = {
  allowPrivate: z.boolean().default(false).describe('Fetch a link that leads into a private network'),
}

/** `avouch content check`. */
export const checkCommand: Subcommand = {
  summary: 'Tell whether a picture, sound or film was made here; exit 1 where no mark of ours is found',
  positionals: { FILE: 'A file, or a link (http, https)' },
  options: checkOptions,
  async run({ installation, terminal, args, options, signal }) {
    const { allowPrivate } = z.object(checkOptions).parse(options)
    const given = args.FILE!
    const bytes = /^https?:\/\//i.test(given)
      ? await fetchContent(given, { allowPrivate })
      : await readGiven(given, MOST_BYTES)
    const checked = await checkContent(installation, bytes, {
      onProgress: shownOn(terminal, 'Checking'),
      signal,
    })
    terminal.say(`${checked.verdict.toUpperCase()}${checked.unconfirmed ? ' (NOT CONFIRMED)' : ''}`)
    terminal.say(checked.words)
    if (checked.contentId) terminal.say(`  content ${groupedContentId(checked.contentId)}`)
    for (const { layer, finding, confidence, errorRate } of checked.layers) {
      terminal.say('')
      terminal.say(`${layer}: ${finding}`)
      terminal.say(`  sure?  ${confidence}`)
      terminal.say(`  wrong? ${errorRate}`)
    }
    terminal.result(checked)
    return checked.verdict.startsWith('ours') ? 0 : 1
  },
}
