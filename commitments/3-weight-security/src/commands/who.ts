import { listPeople } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { Subcommand, Verb } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import { stretchOf } from '../access/timeline.ts'
import { shown } from '../signing/resource-name.ts'
import { columns } from './columns.ts'
import { releaseOf } from './release.ts'
import { bytesInWords } from './wording.ts'

const whoOptions = {
  on: z.string().max(40).optional().describe('A day (UTC) or a moment; default: today'),
}

function stretch(installation: Installation, on: unknown): { from: Date; to: Date } {
  const text = z.string().optional().parse(on) ?? installation.now().toISOString().slice(0, 10)
  const found = stretchOf(text)
  if (found === undefined)
    throw new AvouchError('usage', `"${text}" is no day and no moment`, {
      where: '--on',
      fix: 'Write 2026-01-31, or 2026-01-31T12:00:00Z.',
    })
  return found
}

const inWords = ({ from, to }: { from: Date; to: Date }): string =>
  to.getTime() - from.getTime() > 1000 ? `on ${from.toISOString().slice(0, 10)}` : `at ${from.toISOString()}`

const could: Subcommand = {
  summary:
    'Who could have read a model on a day, by the policies, jobs and leases that stood in the log then',
  positionals: { release: 'NAME@VERSION' },
  options: whoOptions,
  async run({ installation, terminal, args, options }) {
    const model = releaseOf(args.release)
    const { whoCould } = await import('../access/who-could.ts')
    const answer = await whoCould(installation, model, stretch(installation, options.on))
    const names = new Map((await listPeople(installation)).map(({ id, name }) => [id, name]))
    if (answer.people.length === 0) terminal.say(`Nobody could have read ${model} ${inWords(answer)}.`)
    else {
      terminal.say(`Who could have read ${model} ${inWords(answer)}:`)
      for (const line of columns([
        ['person', 'under a lease', 'alone, in an emergency', 'by asking two others'],
        ...answer.people.map(({ person, leases, alone, byAsking }) => [
          names.get(person) ?? person,
          leases.map(({ segments, environment }) => `${segments.join('-')} in ${environment}`).join('; ') ||
            '–',
          alone.join(', ') || '–',
          byAsking.join(', ') || '–',
        ]),
      ]))
        terminal.say(line)
    }
    const { counted: pieces, notLogged, erased } = answer.evidence
    terminal.say(
      `From ${counted(pieces, 'piece')} of evidence; what is not logged yet (${notLogged}) or was erased (${erased}) is not counted.`,
    )
    terminal.result(answer)
    return answer.people.length > 0 ? 0 : 1
  },
}

const did: Subcommand = {
  summary:
    'Who read a model on a day, by the chained record of reads and the logs followed, and what was opened without a lease',
  positionals: { release: 'NAME@VERSION' },
  options: whoOptions,
  async run({ installation, terminal, args, options }) {
    const model = releaseOf(args.release)
    const { whoDid } = await import('../access/who-did.ts')
    const answer = await whoDid(installation, model, stretch(installation, options.on))
    const names = new Map((await listPeople(installation)).map(({ id, name }) => [id, name]))
    const known = answer.reads.length + answer.withoutLease.length + answer.byLogs.length
    if (answer.reads.length + answer.withoutLease.length === 0)
      terminal.say(`Nobody read ${model} ${inWords(answer)}, by our own record.`)
    if (answer.reads.length > 0)
      for (const line of columns([
        ['person', 'bytes', 'reads', 'refused', 'first', 'last', 'lease', 'not in the log yet'],
        ...answer.reads.map((one) => [
          names.get(one.person) ?? one.person,
          bytesInWords(one.bytes),
          String(one.reads),
          String(one.refused),
          one.first.toISOString(),
          one.last.toISOString(),
          one.lease,
          String(one.unsealed),
        ]),
      ]))
        terminal.say(line)
    for (const { at, bytes, evidence } of answer.withoutLease)
      terminal.say(
        `Opened without a lease at ${at.toISOString()}: ${bytesInWords(bytes)}, evidence ${evidence}`,
      )
    if (answer.byLogs.length > 0)
      for (const line of columns([
        ['by logs', 'log', 'bytes', 'reads', 'copies out', 'uses of keys', 'refused', 'first', 'last'],
        ...answer.byLogs.map((told) => [
          shown(names.get(told.person) ?? told.person),
          told.source,
          told.bytes > 0 ? bytesInWords(told.bytes) : 'not told',
          ...[told.reads, told.exports, told.keys, told.refused].map(String),
          told.first.toISOString(),
          told.last.toISOString(),
        ]),
      ]))
        terminal.say(line)
    terminal.result(answer)
    return known > 0 ? 0 : 1
  },
}

export const whoCommands: Verb = { 'who-could': could, 'who-did': did }
