import type { Subcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { eventOf, readEntrySchema } from '../serve/entry.ts'
import { sealReads } from '../serve/seal-reads.ts'
import { listReads } from '../serve/store.ts'
import { bytesInWords } from './wording.ts'

const readsOptions = {
  model: z.string().max(201).optional().describe('Only of this release, NAME@VERSION'),
  person: z.string().max(200).optional().describe('Only by this person, by id'),
  lease: z.string().max(200).optional().describe('Only under this lease'),
  since: z.iso.datetime({ offset: true }).optional().describe('Only from this moment on, ISO 8601'),
  events: z
    .boolean()
    .default(false)
    .describe('As JSON Lines, oldest first, as `weights detect --events` takes them'),
  limit: z.coerce.number().int().min(1).max(100_000).default(100).describe('The newest so many'),
  seal: z
    .boolean()
    .default(false)
    .describe('First make evidence of what is none yet, instead of waiting a minute'),
}

/** `avouch weights reads`: the chained record of who read what under leases. */
export const readsCommand: Subcommand = {
  summary: 'Who read which segments under leases, and what was refused, from the chained record',
  options: readsOptions,
  async run({ installation, terminal, options }) {
    const { since, events, seal, ...filter } = z.object(readsOptions).parse(options)
    const sealed = seal ? await sealReads(installation) : []
    for (const id of sealed) if (!events) terminal.say(`Made evidence ${id}.`)
    const rows = await listReads(installation.db, { ...filter, ...(since && { since: new Date(since) }) })
    const entries = rows.map(({ entry }) => readEntrySchema.parse(JSON.parse(entry)))
    if (events) for (const entry of entries.toReversed()) terminal.say(JSON.stringify(eventOf(entry)))
    else
      for (const { number, time, person, model, segments, bytes, outcome, lease, sink, host } of entries)
        terminal.say(
          `${number}  ${time}  ${outcome === 'ok' ? bytesInWords(bytes) : 'refused'}  ${model} ${segments[0]}-${segments[1]}  by ${person}  to ${sink} on ${host}  lease ${lease}`,
        )
    if (entries.length === 0 && !events) terminal.say('Nothing was read under leases.')
    terminal.result({
      reads: entries.map((entry) => ({ number: entry.number, ...eventOf(entry) })),
      evidence: sealed,
    })
    return entries.length > 0 ? 0 : 1
  },
}
