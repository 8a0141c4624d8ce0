import { createHash } from 'node:crypto'
import type { Subcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { conformanceEvidence, participationEvidence } from '../evidence.ts'
import { conform } from '../manifest/conformance.ts'
import { readGiven } from './given.ts'

const conformanceOptions = {
  source: z
    .string()
    .min(1)
    .max(300)
    .default('github.com/c2pa-org/public-testfiles')
    .describe('Where the files come from'),
}

/** `avouch content conformance`. */
export const conformanceCommand: Subcommand = {
  summary: 'Read C2PA’s public test files and record whether each is judged as it was made to be',
  positionals: {
    DIR: 'The folder with them, got beforehand: legacy/1.4/image/jpeg of github.com/c2pa-org/public-testfiles',
  },
  options: conformanceOptions,
  async run({ installation, terminal, args, options }) {
    const { source } = z.object(conformanceOptions).parse(options)
    const result = await conform(args.DIR!, source)
    const { id } = await installation.evidence.append({
      type: conformanceEvidence,
      fields: result,
      about: {},
    })
    for (const { name, expected, read } of result.files)
      terminal.say(`${expected === read ? '  ' : '! '}${name}: ${read}, made to be ${expected}`)
    terminal.say(`${result.agreed} of ${result.files.length} as they were meant (${id}).`)
    terminal.result({ evidence: id, ...result })
    return result.agreed === result.files.length ? 0 : 1
  },
}

const participationOptions = {
  kind: z.enum(['membership', 'contribution']).default('membership').describe('What it is'),
  what: z.string().min(1).max(2_000).describe('What the company does there'),
  since: z.iso.date().describe('YYYY-MM-DD'),
  document: z.string().max(4_096).describe('The file that shows it; its SHA-256 is recorded'),
}

/** `avouch content participation`. */
export const participationCommand: Subcommand = {
  summary: 'Record a membership of, or contribution to, a body that works on a shared framework',
  positionals: { BODY: 'The body, such as a standards organisation' },
  options: participationOptions,
  async run({ installation, terminal, args, options }) {
    const { document, ...given } = z.object(participationOptions).parse(options)
    const bytes = await readGiven(document, 64 * 2 ** 20)
    const { id } = await installation.evidence.append({
      type: participationEvidence,
      fields: {
        ...given,
        body: args.BODY!.slice(0, 300),
        document: createHash('sha256').update(bytes).digest('hex'),
      },
      about: {},
    })
    terminal.say(`Recorded (${id}).`)
    terminal.result({ evidence: id })
    return 0
  },
}
