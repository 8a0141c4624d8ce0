import { AvouchError } from '@avouch/core/errors'
import { eraseEvidence, PREDICATE_BASE } from '@avouch/core/evidence'
import type { Verb } from '@avouch/core/verb'
import { z } from 'zod'

export default {
  list: {
    summary: 'Evidence, oldest first',
    options: {
      release: z.string().optional().describe('only about NAME@VERSION'),
      type: z.string().optional().describe('only of a type, such as red-teaming/campaign-result/v1'),
      limit: z.coerce.number().int().min(1).max(100_000).default(50).describe('the last so many'),
    },
    run: async ({ installation, terminal, options }) => {
      const { release, type, limit } = options as { release?: string; type?: string; limit: number }
      const records = await installation.evidence.list({
        limit,
        newest: true,
        ...(release && { release }),
        ...(type && { type: PREDICATE_BASE + type }),
      })
      for (const r of records)
        terminal.say(
          `${String(r.index ?? '-').padStart(6)}  ${r.id}  ${r.predicateType.replace(PREDICATE_BASE, '').padEnd(36)} ${r.about.release ?? ''}${r.state === 'logged' ? '' : `  ${r.state}`}${r.supersededBy ? '  superseded' : ''}${r.retractedBy ? '  retracted' : ''}`,
        )
      terminal.result(records)
      return records.length > 0 ? 0 : 1
    },
  },
  show: {
    summary: 'One piece of evidence, whole',
    positionals: { ID: 'its id or digest' },
    run: async ({ installation, terminal, args }) => {
      const record = await installation.evidence.get(args.ID!)
      if (record === undefined) throw new AvouchError('not-found', `there is no evidence ${args.ID}`)
      for (const line of JSON.stringify(record, null, 2).split('\n')) terminal.say(line)
      terminal.result(record)
      return 0
    },
  },
  erase: {
    summary: 'Destroy fields, or the whole, and leave a tombstone in the log',
    positionals: { ID: 'its id or digest' },
    options: {
      field: z.array(z.string()).optional().describe('JSON pointer of a field to erase; may be repeated'),
      whole: z.boolean().optional().describe('erase all of it'),
      reason: z.string().min(1).describe('why; it stays in the log'),
    },
    run: async ({ installation, terminal, args, options }) => {
      const { field, whole, reason } = options as { field?: string[]; whole?: boolean; reason: string }
      if ((field === undefined) === !whole)
        throw new AvouchError('usage', 'say what to erase: --field POINTER, or --whole')
      const { id } = await eraseEvidence(installation, args.ID!, { pointers: whole ? 'all' : field!, reason })
      const [logged] = await installation.evidence.logged([id])
      terminal.say(
        `Erased; the tombstone is evidence ${id}, leaf ${logged!.index}. Old copies leave the database files with its next vacuum, and backups with their retention.`,
      )
      terminal.result(logged)
      return 0
    },
  },
} satisfies Verb
