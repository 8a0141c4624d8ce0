import type { StandaloneSubcommand } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import { loadSources, sourceOf } from '../sources.ts'
import { EXAMPLE } from '../taking/example.ts'
import { filesOf } from '../taking/files.ts'
import { readMapping } from '../taking/mapping.ts'
import { segmentsOf } from '../taking/places.ts'
import { Taking } from '../taking/take.ts'
import { tellTaking, viewTaking } from '../taking/telling.ts'

const options = {
  mapping: z
    .string()
    .optional()
    .describe('A mapping to check: which names of the log are which model and person'),
  source: z.string().optional().describe('With --events: the kind of log to try the mapping on'),
  events: z.string().optional().describe('A file of the log, or a folder of them, to try the mapping on'),
  example: z.boolean().default(false).describe('Print a mapping to begin from'),
}

/** `avouch weights sources`: what audit logs can be read, and whether a mapping fits one. Needs no installation. */
export const sourcesCommand: StandaloneSubcommand = {
  standalone: true,
  summary: 'List the audit logs that can be read, or check a mapping, on a log too; records nothing',
  options,
  async run({ terminal, options: given, signal }) {
    const { mapping: path, source: kind, events, example } = z.object(options).parse(given)
    if (example) {
      for (const line of JSON.stringify(EXAMPLE, null, 2).split('\n')) terminal.say(line)
      terminal.result(EXAMPLE)
      return 0
    }
    if (path === undefined) {
      const sources = await loadSources()
      for (const { kind: name, title, reads, blind } of sources) {
        terminal.say(`${name.padEnd(12)} ${title}: ${reads}.`)
        terminal.say(`${' '.repeat(12)} Cannot tell: ${blind}`)
      }
      terminal.result({
        sources: sources.map(({ kind: name, title, reads, blind }) => ({ kind: name, title, reads, blind })),
      })
      return 0
    }
    const { mapping, digest } = await readMapping(path)
    const models = mapping.models.map((model) => ({
      model: model.model,
      objects: model.objects.length,
      unsized: model.objects.filter(({ bytes }) => bytes === undefined).length,
      segments: segmentsOf(model) ?? null,
      keys: model.keys.length,
    }))
    for (const { model, objects, unsized, segments, keys } of models)
      terminal.say(
        `${model}: ${counted(objects, 'object')}${unsized > 0 ? `, ${unsized} of unknown size` : ''}, ${segments === null ? 'segments not known' : counted(segments, 'segment')}, ${counted(keys, 'key')}`,
      )
    terminal.say(
      `${counted(mapping.principals.length, 'principal')}, ${counted(mapping.environments.length, 'environment')}. The mapping holds.`,
    )
    const result = {
      digest,
      models,
      principals: mapping.principals.length,
      environments: mapping.environments.length,
    }
    if (kind === undefined || events === undefined) {
      terminal.result(result)
      return 0
    }
    const files = await filesOf(events)
    const taking = new Taking(await sourceOf(kind), mapping)
    if (events !== '-') await taking.prepare(files, signal)
    for (const file of files) for await (const _ of taking.file(file, signal)) signal.throwIfAborted()
    tellTaking(terminal, taking, files.length)
    terminal.result({ ...result, log: viewTaking(taking, files.length) })
    const { taken, personnel, unmappedObjects } = taking.counts.of
    return taken + personnel > 0 && unmappedObjects + taking.counts.unmappedPrincipals === 0 ? 0 : 1
  },
}
