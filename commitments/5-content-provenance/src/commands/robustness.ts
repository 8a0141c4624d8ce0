import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import type { Subcommand, Terminal } from '@avouch/core/verb'
import { z } from 'zod'
import type { Medium } from '../robustness/medium.ts'
import { rivalSystem } from '../robustness/rival.ts'
import { abandonRobustness, type RobustnessRun, resumeRobustness, tryRobustness } from '../robustness/run.ts'
import { type Table, tableLines, tableMarkdown, tablesOf } from '../robustness/table.ts'

const path = z.string().min(1).max(4_096)
const robustnessOptions = {
  images: path.optional().describe('A folder with pictures to mark and attack'),
  sounds: path.optional().describe('A folder with sounds to mark and attack: a table of their own'),
  videos: path.optional().describe('A folder with films to mark and attack: a table of their own'),
  unmarked: path
    .optional()
    .describe('A folder with files that were never marked; default: the same files, before they are marked'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(20_000)
    .default(200)
    .describe('So many of a folder at most, drawn'),
  attacks: z
    .string()
    .regex(/^[a-z0-9-]{1,60}(,[a-z0-9-]{1,60}){0,99}$/, 'write names, parted by commas')
    .optional()
    .describe('Names, parted by commas; default: all'),
  seed: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('What is drawn follows from it; default: drawn, and recorded'),
  marker: path
    .optional()
    .describe(
      'Another’s marker to try beside ours: a command, or an http(s) address; given PNG or WAV, it gives that back marked',
    ),
  detector: path
    .optional()
    .describe('The detector that goes with it: given the same, it answers {"found": true or false}'),
  allowPrivate: z.boolean().default(false).describe('Its address may lead into a private network'),
  resume: z
    .uuid()
    .optional()
    .describe('Go on with a run that was stopped, by the id of its plan, on the same files'),
  abandon: z.uuid().optional().describe('End a run that was stopped: record what was executed until then'),
  markdown: path.optional().describe('Write the tables to this file as well'),
}

/** Which option names the folder of which medium. */
const FOLDERS = { images: 'picture', sounds: 'sound', videos: 'video' } as const satisfies Record<
  string,
  Medium
>

/** `avouch content robustness`: what do marks survive, can they be forged, and are they read where there are none? */
export const robustnessCommand: Subcommand = {
  summary:
    'Mark pictures, sounds or films, attack them, look for the marks, and record the table; the plan is logged first',
  options: robustnessOptions,
  async run({ installation, terminal, options, signal }) {
    const { marker, detector, allowPrivate, markdown, attacks, seed, ...given } = z
      .object(robustnessOptions)
      .parse(options)
    if ((marker === undefined) !== (detector === undefined))
      throw new AvouchError('usage', 'a marker is tried with its detector', {
        fix: 'Give both --marker and --detector, or neither.',
      })
    const folders = Object.entries(FOLDERS).flatMap(([option, medium]) => {
      const folder = given[option as keyof typeof FOLDERS]
      return folder === undefined ? [] : [{ medium, folder }]
    })
    const { limit, unmarked, resume, abandon } = given
    requireFolders(folders.length, { resume, abandon })
    const seeded = seed ?? randomBytes(8).toString('hex')
    const caller = {
      signal,
      onProgress: (done: number, total: number, note: string) =>
        terminal.progress({ task: 'robustness', done, total, ...(note !== '' && { note }) }),
      onPlan: (plan: string) =>
        terminal.say(`Planned as ${plan}. Stopped, it can be resumed with --resume ${plan}`),
    }
    const runs: RobustnessRun[] = []
    const tables: Table[] = []
    const keep = async (run: RobustnessRun): Promise<void> => {
      runs.push(run)
      const own = await tablesOf(run)
      tables.push(...own)
      tell(terminal, run, own)
    }
    if (abandon !== undefined) await keep(await abandonRobustness(installation, abandon))
    for (const { medium, folder } of folders) {
      if (signal.aborted) break
      const rival =
        marker !== undefined && detector !== undefined
          ? rivalSystem({ marker, detector }, { medium, allowPrivate })
          : undefined
      const asked = { medium, folder, unmarked, rival }
      await keep(
        resume === undefined
          ? await tryRobustness(
              installation,
              { ...asked, limit, attacks: attacks?.split(','), seed: seeded },
              caller,
            )
          : await resumeRobustness(installation, resume, asked, caller),
      )
    }
    terminal.say(EXPLAINED)
    for (const { plan, result } of runs)
      terminal.say(result === undefined ? `Plan ${plan}, no result yet.` : `Plan ${plan}, result ${result}.`)
    if (markdown !== undefined)
      await writeFile(markdown, tables.map(tableMarkdown).join('\n')).catch(
        (cause: NodeJS.ErrnoException) => {
          throw new AvouchError('disk', `the tables cannot be written: ${cause.code}`, {
            where: markdown,
            cause,
          })
        },
      )
    terminal.result(runs.length === 1 ? runs[0] : { runs })
    return runs.length >= folders.length && runs.every(({ state }) => state === 'completed') ? 0 : 1
  },
}

function requireFolders(
  folders: number,
  { resume, abandon }: { resume: string | undefined; abandon: string | undefined },
): void {
  const names = Object.keys(FOLDERS)
    .map((option) => `--${option} DIR`)
    .join(' or ')
  const wrong = (why: string, fix: string): never => {
    throw new AvouchError('usage', why, { fix })
  }
  if (abandon !== undefined) {
    if (folders > 0 || resume !== undefined) wrong('--abandon stands alone', 'Leave the rest out.')
  } else if (folders === 0) wrong('there is nothing to mark', `Name a folder: ${names}.`)
  else if (resume !== undefined && folders > 1)
    wrong('one run is resumed at a time', `Name the folder it was begun with: ${names}.`)
}

function tell(terminal: Terminal, { rows, state, plan }: RobustnessRun, tables: readonly Table[]): void {
  for (const table of tables) {
    for (const line of tableLines(table)) terminal.say(line)
    terminal.say('')
  }
  for (const { size, system, change, notRun } of rows)
    if (size === 'all' && system === 'ours' && notRun !== null)
      terminal.say(`${change} was not run: ${notRun}.`)
  if (state === 'abandoned')
    terminal.say('Stopped before all that was planned was executed; that is recorded too.')
  if (state === 'stopped')
    terminal.say(
      `Stopped before all that was planned was executed, and nothing is recorded yet. What was executed stands: go on with --resume ${plan} on the same folder, or record it as it is with --abandon ${plan}.`,
    )
}

const EXPLAINED =
  'Brackets hold 95 % intervals (Wilson’s), a file being the unit; errors count neither way. Wrong bits are the mean of 512 before correction, where the mark was read.'
