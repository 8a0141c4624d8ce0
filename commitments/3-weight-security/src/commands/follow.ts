import { setTimeout } from 'node:timers/promises'
import type { Subcommand } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import type { DigestCheck } from '../following/digests.ts'
import { followRound, type Round } from '../following/follow.ts'
import { shown } from '../signing/resource-name.ts'
import { sourceOf } from '../sources.ts'
import { readMapping } from '../taking/mapping.ts'
import { tellTaking, viewTaking } from '../taking/telling.ts'

const options = {
  source: z.string().describe('What kind of audit log it is: see `avouch weights sources`'),
  events: z.string().describe('A file of the log, or the folder into which it is delivered'),
  mapping: z.string().describe('Which names of the log are which model and person'),
  every: z.coerce
    .number()
    .int()
    .min(5)
    .max(86_400)
    .optional()
    .describe('Look again after so many seconds, until stopped; once by default'),
  keepDays: z.coerce
    .number()
    .int()
    .min(90)
    .max(36_500)
    .optional()
    .describe('Let go of what was told longer ago than this; coverage needs 90 days'),
}

/** `avouch weights follow`: keeps what an audit log tells, and records what was taken in. */
export const followCommand: Subcommand = {
  summary: "Take in a company's own audit log: its events are kept, and what was taken in is recorded",
  options,
  async run({ installation, terminal, options: given, signal }) {
    const { source: kind, events: path, mapping: file, every, keepDays } = z.object(options).parse(given)
    const source = await sourceOf(kind)
    const views: unknown[] = []
    const seen = new Set<string>()
    let isWhole = true
    for (;;) {
      // read anew each time, since people come and go
      const mapping = await readMapping(file)
      const round = await followRound(installation, { source, mapping, path, keepDays, seen, signal })
      isWhole = round.unreadable.length + lostOf(round.digests) === 0
      if (round.files > 0 || round.evidence.length > 0 || every === undefined) {
        if (round.files > 0) tellTaking(terminal, round.taking, round.files)
        terminal.say(told(round))
        if (round.digests && round.digests.digests > 0) terminal.say(`  ${digestsInWords(round.digests)}`)
        if (round.forgotten > 0)
          terminal.say(`${counted(round.forgotten, 'event was', 'events were')} let go of because of age.`)
        for (const one of round.unreadable.slice(0, 20))
          terminal.say(`  not readable to its end: ${shown(one)}`)
        if (views.length < 1000) views.push(viewOf(round))
      }
      if (every === undefined) break
      await setTimeout(every * 1000, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) break
    }
    terminal.result(every === undefined ? views[0] : { rounds: views })
    return isWhole ? 0 : 1
  },
}

function lostOf(check: DigestCheck | undefined): number {
  return check ? check.missing + check.altered + check.broken : 0
}

function digestsInWords({ digests, named, missing, altered, broken }: DigestCheck): string {
  return `${digests} digest files of CloudTrail name ${named} log files: ${missing} are missing, ${altered} altered; ${broken} digest files are broken.`
}

function told({ before, evidence }: Round): string {
  const known = before > 0 ? ` ${counted(before, 'file')} had been taken in before.` : ''
  return evidence.length === 0
    ? `Nothing new.${known}`
    : `Recorded as evidence ${evidence.join(', ')}.${known}`
}

function viewOf({
  files,
  before,
  unreadable,
  evidence,
  forgotten,
  digests,
  taking,
}: Round): Record<string, unknown> {
  return {
    ...viewTaking(taking, files),
    before,
    unreadable: unreadable.length,
    forgotten,
    digests: digests ?? null,
    evidence,
  }
}
