import { randomUUID } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import type { Subcommand, Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { placeBait, removeBait } from '../bait/bait.ts'
import { listBait } from '../bait/store.ts'
import { BAIT_KINDS } from '../detection/bait.ts'

const value = z.string().trim().min(1).max(200)
const addOptions = {
  kind: z.enum(BAIT_KINDS).describe(`What it is: ${BAIT_KINDS.join(', ')}`),
  value: value
    .optional()
    .describe(
      'Its name as events tell it; segments as MODEL#FROM-TO; a lease is made up where none is given',
    ),
}

const add: Subcommand = {
  summary:
    'Place something that nobody has reason to touch; whoever does raises an alert, whatever else is known',
  options: addOptions,
  async run({ installation, terminal, options }) {
    const given = z.object(addOptions).parse(options)
    if (given.value === undefined && given.kind !== 'lease')
      throw new AvouchError('usage', `a ${given.kind} has to be named`, { where: '--value' })
    const placed = await placeBait(installation, {
      kind: given.kind,
      value: given.value ?? randomUUID(),
    })
    terminal.say(`Bait ${placed.id} is in place: ${placed.kind} ${placed.value}.`)
    terminal.say('Leave it where an intruder would find it, and tell nobody.')
    terminal.result(placed)
    return 0
  },
}

const list: Subcommand = {
  summary: 'List bait in place; this is a secret of those who investigate',
  options: { all: z.boolean().default(false).describe('Also what was taken away') },
  async run({ installation, terminal, options }) {
    const placed = await listBait(installation.db, { all: options.all === true })
    for (const { id, kind, value: name, placedAt, removedAt } of placed)
      terminal.say(
        `${id}  ${kind}  ${name}  since ${placedAt.toISOString()}${removedAt ? `, removed ${removedAt.toISOString()}` : ''}`,
      )
    if (placed.length === 0) terminal.say('No bait is in place.')
    terminal.result({ bait: placed.map((one) => ({ ...one, removedAt: one.removedAt ?? null })) })
    return placed.length > 0 ? 0 : 1
  },
}

const remove: Subcommand = {
  summary: 'Take bait away',
  positionals: { bait: 'Its id' },
  async run({ installation, terminal, args }) {
    const id = z.uuid().safeParse(args.bait)
    if (!id.success)
      throw new AvouchError('usage', `"${args.bait ?? ''}" is no id of bait`, {
        fix: 'Take it from: avouch weights bait list',
      })
    const removed = await removeBait(installation, id.data)
    terminal.say(`Bait ${removed.id} (${removed.kind}) is taken away.`)
    terminal.result(removed)
    return 0
  },
}

/** `avouch weights bait …` */
export const baitCommands = { 'bait add': add, 'bait list': list, 'bait remove': remove } satisfies Verb
