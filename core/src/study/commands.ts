import { readFile, writeFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { z } from 'zod'
import { sha256Hex } from '../campaign/canonical.ts'
import { AvouchError } from '../errors.ts'
import type { Installation } from '../installation.ts'
import type { Subcommand } from '../verb.ts'
import type { DocumentFile } from './document.ts'
import { readStudyFile } from './file.ts'
import { abandonStudy, recordResult } from './outcome.ts'
import { mustBeFilledIn } from './placeholder.ts'
import { type StudyPlan, studyPlanSchema } from './plan.ts'
import { preregistration } from './preregistration.ts'
import { listStudies, planInForce, readStudyDocument, viewStudy } from './read.ts'
import { amendStudy, DATA_SEEN, registerStudy } from './register.ts'
import { studyResultSchema } from './result.ts'
import { planTemplate, resultTemplate } from './template.ts'
import { linesOfStudy, listLine } from './wording.ts'

/** Whose studies these are, and the areas they are registered in, with how a reader is told of each. */
export type StudyOwner = { owner: string; verb: string; fields: Record<string, string> }

const reason = z.string().min(1).max(4000)
const dataSeen = z.enum(DATA_SEEN).describe('How much of the data had been seen by whoever decided this')

const registerOptions = { template: z.boolean().default(false).describe('Print a plan to fill in, and stop') }
const amendOptions = { reason: reason.describe('Why; it is shown for ever'), dataSeen }
const resultOptions = {
  template: z.boolean().default(false).describe('Print a result to fill in, and stop'),
  document: z.array(z.string()).default([]).describe('A file to attach, kept sealed; may be repeated'),
  data: z.string().optional().describe('The data set, for its digest; it is not kept'),
  corrects: z.uuid().optional().describe('The evidence of the outcome that this one corrects'),
  reason: reason.optional().describe('Why the earlier outcome was wrong'),
}
const abandonOptions = { reason: reason.describe('Why; it is recorded'), dataSeen }
const exportOptions = {
  format: z
    .enum(['markdown', 'json'])
    .default('markdown')
    .describe('Headings, or the answer keys of the form'),
  out: z.string().optional().describe('A new file; default: standard output'),
}
const documentOptions = { out: z.string().describe('A new file to write it to') }

/**
 * The verbs `study register`, `amend`, `result`, `abandon`, `list`, `show`, `export` and `document` for one owner; any
 * commitment can have them.
 */
export function studyCommands({ owner, verb, fields }: StudyOwner) {
  const takesFrom = `Take it from: avouch ${verb} study list`
  const idOf = (text: string | undefined): string => {
    const parsed = z.uuid().safeParse(text)
    if (parsed.success) return parsed.data
    throw new AvouchError('usage', `"${text ?? ''}" is no id of a study`, { fix: takesFrom })
  }
  const readPlan = async (file: string): Promise<StudyPlan> => {
    const plan = await readStudyFile(file, studyPlanSchema)
    mustBeFilledIn(plan, planTemplate(Object.keys(fields), ''), file)
    if (!Object.hasOwn(fields, plan.field))
      throw new AvouchError('input', `"${plan.field}" is no field of research here`, {
        where: file,
        fix: `The fields are ${Object.keys(fields).join(', ')}.`,
      })
    return plan
  }
  return {
    'study register': {
      summary: 'Register a study: its plan is logged, sealed, before the first datum',
      positionals: { 'FILE?': 'The plan, a YAML file; --template prints one' },
      options: registerOptions,
      async run({ installation, terminal, args, options }) {
        const inHalfAYear = new Date(installation.now().getTime() + 183 * 86_400_000)
        if (options.template === true) {
          const template = planTemplate(Object.keys(fields), inHalfAYear.toISOString().slice(0, 10))
          for (const line of template.trimEnd().split('\n')) terminal.say(line)
          terminal.result({ template })
          return 0
        }
        const plan = await readPlan(needed(args.FILE, `avouch ${verb} study register --template > plan.yaml`))
        const registered = await registerStudy(installation, owner, plan)
        terminal.say(
          `Study ${registered.study} is registered, number ${registered.number}; the plan is logged.`,
        )
        terminal.say(`Its outcome is due by ${plan.ends.slice(0, 10)}. Evidence ${registered.evidence}.`)
        terminal.result(registered)
        return 0
      },
    },
    'study amend': {
      summary: 'Amend a plan, for ever visibly: the new one supersedes and says why',
      positionals: { STUDY: 'Id of the study', FILE: 'The whole plan as amended' },
      options: amendOptions,
      async run({ installation, terminal, args, options }) {
        const id = await own(installation, owner, idOf(args.STUDY))
        const plan = await readPlan(args.FILE ?? '')
        const amended = await amendStudy(installation, id, plan, z.object(amendOptions).parse(options))
        terminal.say(`Amendment ${amended.amendment} is logged as evidence ${amended.evidence}.`)
        terminal.result(amended)
        return 0
      },
    },
    'study result': {
      summary: 'Record what came of a study, whatever it is',
      positionals: { STUDY: 'Id of the study', 'FILE?': 'The result, a YAML file; --template prints one' },
      options: resultOptions,
      async run({ installation, terminal, args, options }) {
        const given = z.object(resultOptions).parse(options)
        const id = await own(installation, owner, idOf(args.STUDY))
        if (given.template) {
          const template = resultTemplate((await planInForce(installation, owner, id)).plan)
          for (const line of template.trimEnd().split('\n')) terminal.say(line)
          terminal.result({ template })
          return 0
        }
        const file = needed(args.FILE, `avouch ${verb} study result ${id} --template > result.yaml`)
        const data = given.data === undefined ? {} : { data: { digest: sha256Hex(await read(given.data)) } }
        const result = await readStudyFile(file, studyResultSchema, data)
        mustBeFilledIn(result, resultTemplate((await planInForce(installation, owner, id)).plan), file)
        const { corrects, reason: why } = given
        if ((corrects === undefined) !== (why === undefined))
          throw new AvouchError('usage', '--corrects and --reason go together', {
            fix: 'Name the evidence that is corrected, and say why it was wrong.',
          })
        const recorded = await recordResult(installation, id, result, {
          documents: await Promise.all(given.document.map(documentAt)),
          ...(corrects !== undefined &&
            why !== undefined && { correction: { supersedes: corrects, reason: why } }),
        })
        terminal.say(`Recorded: ${recorded.outcome}. Evidence ${recorded.evidence}.`)
        terminal.result(recorded)
        return 0
      },
    },
    'study abandon': {
      summary: 'Give a study up; that it was registered stays visible',
      positionals: { STUDY: 'Id of the study' },
      options: abandonOptions,
      async run({ installation, terminal, args, options }) {
        const id = await own(installation, owner, idOf(args.STUDY))
        const recorded = await abandonStudy(installation, id, z.object(abandonOptions).parse(options))
        terminal.say(`Study ${id} is abandoned. Evidence ${recorded.evidence}.`)
        terminal.result(recorded)
        return 0
      },
    },
    'study list': {
      summary: 'List the studies, newest first, with what came of each and what is overdue',
      async run({ installation, terminal }) {
        const studies = await listStudies(installation, owner)
        for (const study of studies) terminal.say(listLine(study))
        const overdue = studies.filter(({ state }) => state === 'overdue').length
        if (overdue > 0) terminal.say(`${overdue} overdue: the registered end passed without an outcome.`)
        if (studies.length === 0) terminal.say('No study is registered.')
        terminal.result(studies)
        return studies.length > 0 ? 0 : 1
      },
    },
    'study show': {
      summary: 'Show a study: its plan, amendments, and what came of it',
      positionals: { STUDY: 'Id of the study' },
      async run({ installation, terminal, args }) {
        const study = await viewStudy(installation, owner, idOf(args.STUDY))
        for (const line of linesOfStudy(study, fields)) terminal.say(line)
        terminal.result(study)
        return 0
      },
    },
    'study export': {
      summary: 'Write a plan in the shape of an OSF preregistration',
      positionals: { STUDY: 'Id of the study' },
      options: exportOptions,
      async run({ installation, terminal, args, options }) {
        const { format, out } = z.object(exportOptions).parse(options)
        const { json, markdown } = preregistration(await viewStudy(installation, owner, idOf(args.STUDY)))
        const text = format === 'json' ? `${JSON.stringify(json, undefined, 2)}\n` : markdown
        if (out === undefined) for (const line of text.trimEnd().split('\n')) terminal.say(line)
        else {
          await writeNew(out, text)
          terminal.say(`Written to ${out}.`)
        }
        terminal.result(json)
        return 0
      },
    },
    'study document': {
      summary: 'Write an attached document to a file',
      positionals: { STUDY: 'Id of the study', SHA256: 'Digest of the document, as `study show` has it' },
      options: documentOptions,
      async run({ installation, terminal, args, options }) {
        const { out } = z.object(documentOptions).parse(options)
        const found = await readStudyDocument(installation, owner, idOf(args.STUDY), args.SHA256 ?? '')
        await writeNew(out, found.bytes)
        terminal.say(`${found.name}, ${found.bytes.length} bytes, written to ${out}.`)
        terminal.result({ name: found.name, mediaType: found.mediaType, size: found.bytes.length, out })
        return 0
      },
    },
  } satisfies Record<string, Subcommand>
}

/** The id, where it is of this owner's study. Throws `not-found`. */
async function own(installation: Installation, owner: string, id: string): Promise<string> {
  await planInForce(installation, owner, id)
  return id
}

function needed(file: string | undefined, fix: string): string {
  if (file !== undefined) return file
  throw new AvouchError('usage', 'Which file?', { where: 'FILE', fix: `Write one with: ${fix}` })
}

const MEDIA_TYPES: Record<string, string> = {
  '.pdf': 'application/pdf',
  '.md': 'text/markdown',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.yaml': 'application/yaml',
  '.zip': 'application/zip',
}

async function documentAt(path: string): Promise<DocumentFile> {
  const mediaType = MEDIA_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream'
  return { name: basename(path), mediaType, bytes: await read(path) }
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new AvouchError('input', `${path} cannot be read`, {
      where: path,
      fix: 'Give the path of a file that exists.',
      cause,
    })
  }
}

/** Never over a file that is there. */
async function writeNew(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    throw new AvouchError('input', `${path} cannot be written: ${(cause as Error).message}`, {
      where: path,
      fix: 'Name a new file in a folder that can be written.',
      cause,
    })
  }
}
