import { AvouchError } from '@avouch/core/errors'
import type { Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { capabilityComparison } from './evidence.ts'
import { scopeOf } from './obligations.ts'
import { liveComparisons, recordComparison } from './record.ts'
import { readScores } from './scores-file.ts'
import { linesOf } from './wording.ts'

const RELEASE = /^[^\s@]+@[^\s@]+$/

const release = z.string().max(200).regex(RELEASE, 'a release is written NAME@VERSION')
const seed = z.coerce.number().int().min(0).max(0xffffffff).default(1)
const resamples = z.coerce.number().int().min(200).max(20_000).default(2_000)

const compareOptions = {
  release: release.describe('The release to be compared, NAME@VERSION'),
  scores: z.string().describe('CSV or JSON file of benchmark scores, or of single answers'),
  released: z.string().max(200).optional().describe('The most capable model released so far; it decides'),
  produced: z
    .string()
    .max(200)
    .optional()
    .describe('The most capable model produced at all, released or not'),
  seed: seed.describe('Seed of the bootstrap'),
  resamples: resamples.describe('Resamples of the bootstrap'),
}

/** `avouch scope`: compare a release with the company's most capable models, and show what was decided. */
export const verb: Verb = {
  compare: {
    summary: 'Compare a release with the most capable models, and record the comparison',
    options: compareOptions,
    async run({ installation, terminal, options }) {
      const given = z.object(compareOptions).parse(options)
      const scores = await readScores(given.scores)
      const comparison = await recordComparison(
        installation,
        scores,
        {
          release: given.release,
          released: given.released,
          produced: given.produced,
          seed: given.seed,
          resamples: given.resamples,
          source: 'file',
        },
        { release: given.release },
      )
      for (const line of linesOf(comparison.fields)) terminal.say(line)
      terminal.say(
        comparison.recorded
          ? `Recorded as evidence ${comparison.id}.`
          : `The same comparison stands as evidence ${comparison.id}; nothing was recorded again.`,
      )
      terminal.result({ evidence: comparison.id, recorded: comparison.recorded, ...comparison.fields })
      return 0
    },
  },
  show: {
    summary: 'Show what was decided of a release, and on what ground',
    positionals: { release: 'NAME@VERSION' },
    async run({ installation, terminal, args }) {
      const name = release.safeParse(args.release)
      if (!name.success)
        throw new AvouchError('usage', `"${args.release}" is no release`, { fix: 'Write it NAME@VERSION.' })
      const records = await liveComparisons(installation, name.data)
      const scope = scopeOf(records)
      const newest = records.at(-1)
      if (!newest) {
        terminal.say(scope.why)
        terminal.result({ release: name.data, ...scope, comparison: null })
        return 1
      }
      const fields = installation.evidence.read(capabilityComparison, newest)
      for (const line of linesOf(fields)) terminal.say(line)
      if (scope.decision !== fields.decision) terminal.say(scope.why)
      terminal.say(
        `Evidence ${newest.id}, recorded ${newest.recordedAt.toISOString()}; ${records.length} in all.`,
      )
      terminal.result({ release: name.data, ...scope, comparison: { id: newest.id, ...fields } })
      return 0
    },
  },
}
