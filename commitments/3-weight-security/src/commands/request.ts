import { LOCAL, listPeople } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Subcommand, Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { listRequests } from '../access/request-store.ts'
import { spanInWords } from '../access/span.ts'
import { columns } from './columns.ts'
import { releaseOf } from './release.ts'

const UNITS: Record<string, number> = { m: 60, h: 3600, d: 86_400 }

const requestOptions = {
  for: z.uuid().describe('Id of the person who is to read; see avouch people list'),
  object: z.string().max(1000).optional().describe('One sealed file, by name or id; default: all'),
  segments: z
    .string()
    .regex(/^\d{1,10}-\d{1,10}$/, 'write it FIRST-LAST')
    .optional()
    .describe('FIRST-LAST of that file; default: the whole'),
  environment: z.string().max(100).describe('Where it will be read'),
  duration: z
    .string()
    .regex(/^\d{1,4}[mhd]$/, 'write it 90m, 8h or 3d')
    .describe('For how long from the second approval: 90m, 8h, 3d'),
  purpose: z.string().max(100).describe('A word that the policies know, such as evaluation'),
  reason: z.string().min(10).max(2000).describe('In words, for those who decide'),
}

const request: Subcommand = {
  summary: 'Ask that somebody may read weights; two people of other teams approve in the console, by passkey',
  positionals: { release: 'NAME@VERSION' },
  options: requestOptions,
  async run({ installation, terminal, args, options }) {
    const given = z.object(requestOptions).parse(options)
    const { requestAccess } = await import('../access/request.ts')
    const asked = await requestAccess(
      installation,
      LOCAL,
      {
        model: releaseOf(args.release),
        object: given.object,
        segments: given.segments?.split('-').map(Number) as [number, number] | undefined,
        environment: given.environment,
        seconds: Number(given.duration.slice(0, -1)) * UNITS[given.duration.at(-1)!]!,
        purpose: given.purpose,
        reason: given.reason,
      },
      given.for,
    )
    terminal.say(`Asked: request ${asked.id}, evidence ${asked.evidence}.`)
    terminal.say(
      `Two people approve it at ${installation.config.url}/console/access; the ${spanInWords(asked.seconds)} begin with the second signature.`,
    )
    terminal.result(asked)
    return 0
  },
}

const listOptions = {
  state: z.enum(['asked', 'granted', 'refused', 'withdrawn']).optional().describe('Only those'),
  model: z.string().max(200).optional().describe('Only of this NAME@VERSION'),
}

const requests: Subcommand = {
  summary: 'List requests to read weights, the newest first, and what became of them',
  options: listOptions,
  async run({ installation, terminal, options }) {
    const found = await listRequests(installation.db, z.object(listOptions).parse(options))
    const names = new Map((await listPeople(installation)).map(({ id, name }) => [id, name]))
    if (found.length === 0) terminal.say('Nobody has asked.')
    else
      for (const line of columns([
        ['request', 'state', 'who', 'model', 'where', 'for', 'purpose', 'why'],
        ...found.map((one) => [
          one.id,
          one.state,
          names.get(one.holder) ?? one.holder,
          one.model,
          one.environment,
          spanInWords(one.seconds),
          one.purpose,
          one.why ?? '',
        ]),
      ]))
        terminal.say(line)
    terminal.result(found)
    return found.length > 0 ? 0 : 1
  },
}

const withdrawOptions = { why: z.string().min(1).max(2000).describe('The reason') }

const withdraw: Subcommand = {
  summary: 'Take a request off the table before it is granted',
  positionals: { request: 'Id of the request' },
  options: withdrawOptions,
  async run({ installation, terminal, args, options }) {
    const { closeRequest } = await import('../access/close-request.ts')
    if (args.request === undefined) throw new AvouchError('usage', 'say which request')
    const { why } = z.object(withdrawOptions).parse(options)
    await closeRequest(installation, args.request, 'withdrawn', why)
    terminal.say('Withdrawn. Signatures on it count for nothing.')
    terminal.result({ request: args.request, state: 'withdrawn' })
    return 0
  },
}

export const requestCommands: Verb = { request, requests, withdraw }
