import { AvouchError } from '@avouch/core/errors'
import type { Subcommand, Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { drawCustody } from '../chain/draw.ts'
import { custodyNow, recordStep } from '../chain/record.ts'
import { moves, STEPS } from '../chain/step.ts'
import { readBundle } from '../signing/bundle.ts'
import { shown } from '../signing/resource-name.ts'
import { readStatement } from '../signing/statement.ts'
import { readSmallFile } from './given.ts'
import { releaseOf } from './release.ts'

const digests = z.array(z.string().min(1).max(4096)).max(10_000).optional()

const addOptions = {
  step: z.enum(STEPS).describe(`What was done: ${STEPS.join(', ')}`),
  in: digests.describe('What went in: SHA-256 in hex, or a model signature, for its model; may be repeated'),
  out: digests.describe('What came out, likewise; of a copy and a deployment it is what went in'),
  by: z.string().min(1).max(200).describe('Who answers for it: the opaque id of a person or a workload'),
  note: z.string().min(1).max(2000).optional().describe('What else is to be known'),
  model: z
    .string()
    .optional()
    .describe('The release the step is recorded of, NAME@VERSION; the gate counts only those of its own'),
}

const add: Subcommand = {
  summary: 'Record a step of weights on their way from training to release',
  options: addOptions,
  async run({ installation, terminal, options }) {
    const given = z.object(addOptions).parse(options)
    const release = given.model === undefined ? undefined : releaseOf(given.model)
    const from = await Promise.all((given.in ?? []).map((one) => digestOf(one, '--in')))
    const named = await Promise.all((given.out ?? []).map((one) => digestOf(one, '--out')))
    const to = given.out === undefined && moves(given.step) ? from : named
    const { step, by, note } = given
    const logged = await recordStep(
      installation,
      { step, in: from, out: to, by, ...(note !== undefined && { note }) },
      release,
    )
    terminal.say(`Recorded ${step} as evidence ${logged.id}, leaf ${logged.index}.`)
    if (release === undefined)
      terminal.say('It is of no release: drawings show it, but the gate counts only steps of its release.')
    terminal.result({
      evidence: logged.id,
      index: logged.index,
      step,
      in: from,
      out: to,
      release: release ?? null,
    })
    return 0
  },
}

const custody: Subcommand = {
  summary: 'Draw how the weights of a release came about, with gaps and what is not signed',
  positionals: { 'NAME@VERSION': 'The release' },
  async run({ installation, terminal, args }) {
    const found = await custodyNow(installation, releaseOf(args['NAME@VERSION']))
    for (const line of drawCustody(found)) terminal.say(line)
    terminal.result(found)
    return found.complete ? 0 : 1
  },
}

/** `avouch weights chain add` and `avouch weights custody`. */
export const custodyCommands = { 'chain add': add, custody } satisfies Verb

/** A digest as given, `sha256:` before it or not; or that of the model of a signature, which is not verified here. */
async function digestOf(given: string, option: string): Promise<string> {
  const [, hex] = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(given) ?? []
  if (hex !== undefined) return hex.toLowerCase()
  try {
    const bytes = await readSmallFile(given, option, 256 * 2 ** 20)
    return readStatement(readBundle(bytes).payload).subjectDigest
  } catch (cause) {
    throw new AvouchError('usage', `${shown(given)} is neither a SHA-256 digest nor a model signature`, {
      where: option,
      fix: 'Write 64 hexadecimal digits, or name the signature of the model.',
      cause,
    })
  }
}
