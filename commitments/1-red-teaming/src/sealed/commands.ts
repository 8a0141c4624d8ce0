import { writeFile } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import type { StandaloneSubcommand } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import { weakSpots } from '../pack-check.ts'
import { type PackSummary, summaryOfPack } from '../pack-summary.ts'
import { authorKey, packIdentity } from './keys.ts'
import { openSealedPack } from './open-pack.ts'
import { readPlainPack, sealPack } from './seal-pack.ts'
import { readSealedPack } from './sealed-file.ts'
import { authorOf, endpointPattern, type Header, releasePattern } from './terms.ts'

const sealOptions = {
  out: z.string().min(1).describe('The file to write; it must not be there yet'),
  to: z.array(z.string()).min(1).describe('Who may open it: age1…, from avouch red-team pack key'),
  allowEndpoint: z
    .array(endpointPattern)
    .min(1)
    .describe('An address it may be sent to, with all below its path'),
  allowRelease: z
    .array(releasePattern)
    .min(1)
    .describe('A release it may be used on: NAME@VERSION, NAME@* or *'),
  until: z.iso.date().describe('The last day of use, YYYY-MM-DD'),
  authorName: z.string().optional().describe('What you want to be called in the file; default: nothing'),
}

/** `avouch red-team pack …`: seal a pack to those who may run it, and see what a sealed one allows. */
export const sealedCommands = {
  'pack key': {
    standalone: true,
    summary: 'Show the public keys: the one packs are sealed to, the one that signs those you seal',
    async run({ terminal, config }) {
      const { recipient } = await packIdentity(config)
      const author = await authorKey(config)
      const key = Buffer.from(author.publicKey).toString('base64')
      terminal.say(`Seal packs for this installation to: ${recipient}`)
      terminal.say(`Packs sealed here are signed by:     ${authorOf({ author: { key } })}`)
      terminal.result({ recipient, author: authorOf({ author: { key } }), authorKey: key })
      return 0
    },
  },
  'pack seal': {
    standalone: true,
    summary: 'Seal a pack to those who may run it, under terms that you sign',
    positionals: { FILE: 'The pack, a YAML file' },
    options: sealOptions,
    async run({ terminal, args, options, config }) {
      const given = z.object(sealOptions).parse(options)
      const file = args.FILE ?? ''
      const sealed = await sealPack(
        await readPlainPack(file),
        file,
        {
          endpoints: given.allowEndpoint,
          releases: given.allowRelease,
          until: given.until,
          recipients: given.to,
          ...(given.authorName !== undefined && { authorName: given.authorName }),
        },
        await authorKey(config),
      )
      await writeFile(given.out, sealed.text, { flag: 'wx', mode: 0o600 }).catch(
        (cause: NodeJS.ErrnoException) => {
          throw new AvouchError('disk', `${given.out} cannot be written: ${cause.code}`, {
            where: given.out,
            fix: cause.code === 'EEXIST' ? 'Choose a name that is not taken.' : 'Check the folder.',
            cause,
          })
        },
      )
      for (const line of termLines(sealed.header, sealed.digest)) terminal.say(line)
      terminal.say(`Sealed to ${given.to.length} in ${given.out}. The plain file is still where it was.`)
      terminal.result({ digest: sealed.digest, header: sealed.header, file: given.out })
      return 0
    },
  },
  'pack inspect': {
    standalone: true,
    summary: 'Show who sealed a pack, what they allow, and whether it opens here; never what it asks',
    positionals: { FILE: 'The sealed pack' },
    async run({ terminal, args, config }) {
      const file = await readSealedPack(args.FILE ?? '')
      const expired = Date.now() >= Date.parse(file.header.until) + 86_400_000
      for (const line of termLines(file.header, file.digest)) terminal.say(line)
      if (expired) terminal.say('That day is past: no campaign may use it.')
      let summary: Omit<PackSummary, 'digest' | 'facets'> | undefined
      let spots: ReturnType<typeof weakSpots> = []
      let why: string | undefined
      try {
        const { pack } = await openSealedPack(file, [await packIdentity(config)])
        // facets are its author's words, and its digest has no salt: who guesses at the text could find out
        const { digest: _, facets: __, ...counts } = summaryOfPack(pack)
        summary = counts
        spots = weakSpots(pack)
        terminal.say(
          `It opens here, and holds ${counted(counts.behaviours, 'behaviour')}, ${counted(counts.variants, 'variant')}, ${counted(counts.twins, 'benign twin')}.`,
        )
        if (spots.length > 0)
          terminal.say(`Weak spots: ${spots.length}; its author sees them with packs check.`)
      } catch (error) {
        if (!(error instanceof AvouchError)) throw error
        why = error.message
        terminal.say(error.message)
      }
      terminal.result({
        digest: file.digest,
        author: authorOf(file.header),
        header: file.header,
        expired,
        opens: summary !== undefined,
        ...(why !== undefined && { why }),
        ...(summary && {
          holds: summary,
          weakSpots: spots.map(({ what }) => what),
        }),
      })
      return summary && !expired ? 0 : 1
    },
  },
} satisfies Record<string, StandaloneSubcommand>

function termLines(header: Header, digest: string): string[] {
  const { pack, version, domain, author, endpoints, releases, until } = header
  return [
    `${pack}@${version}, ${domain}; pack digest ${digest}`,
    `    signed by ${authorOf(header)}${author.name === undefined ? '' : ` as "${author.name}"`}`,
    `    for ${releases.join(', ')}; until ${until}; to be sent to ${endpoints.join(', ')} only`,
  ]
}
