import { basename } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import type { About } from '@avouch/core/evidence'
import { RELEASE_NAME, registerRelease, releaseEvidence } from '@avouch/core/gate'
import type { Installation } from '@avouch/core/installation'
import type { Subcommand, Terminal } from '@avouch/core/verb'
import { z } from 'zod'
import { DOMAIN_TITLES, DOMAINS } from './domain.ts'
import { type ReadImport, readImport, recordImports } from './import.ts'
import { parseBreachRules } from './import-breach.ts'
import { compareHits, readHitlog } from './import-hitlog.ts'
import { readImportMap } from './import-map.ts'
import { fileSource } from './import-source.ts'
import { rulesInWords } from './import-tally.ts'
import { PLACES, type Place } from './imported.ts'
import { inWords } from './rate.ts'

const options = {
  release: z
    .string()
    .regex(RELEASE_NAME, 'a release is written NAME@VERSION')
    .describe('The release that was tested, NAME@VERSION'),
  snapshot: z
    .string()
    .min(1)
    .max(500)
    .describe('What was tested: sha256:… of the weights, or id:… as the provider names it'),
  configuration: z.enum(['bare', 'safeguarded', 'product']).describe('What stood around the model'),
  map: z.string().optional().describe('A map (YAML) of probes to domains, and of what is a breach'),
  breach: z
    .array(z.string())
    .optional()
    .describe('Which of a scorer’s values are breaches: SCORER=C,P or SCORER>=0.5; may be repeated'),
  dryRun: z.boolean().default(false).describe('Read and show; record nothing'),
  again: z.boolean().default(false).describe('Import a file once more; the new import supersedes the old'),
}

const TITLES: Record<Place, string> = {
  ...DOMAIN_TITLES,
  unmapped: 'Unmapped (counts for nothing)',
}

/** `avouch red-team import`: results of garak, promptfoo, Inspect and PyRIT. No prompt and no answer is ever printed. */
export const importCommand: Subcommand = {
  summary: 'Bring in what garak, promptfoo, Inspect or PyRIT found; totals are recomputed from the rows',
  positionals: { 'FILE…': 'report.jsonl, results.json, log.eval or memory export; several may be named' },
  options,
  async run({ installation, terminal, args, options: given, signal }) {
    const {
      release,
      snapshot,
      configuration,
      map: mapFile,
      breach,
      dryRun,
      again,
    } = z.object(options).parse(given)
    const own = mapFile === undefined ? { places: {}, breach: {} } : await readImportMap(mapFile)
    const map = { places: own.places, breach: { ...own.breach, ...parseBreachRules(breach ?? []) } }
    const imports: ReadImport[] = []
    const files = (args.FILE ?? '').split('\0').filter((name) => name !== '')
    const logs = files.filter((file) => file.endsWith('.hitlog.jsonl'))
    // a hitlog checks the reports beside it; alone it is read, and refused, like any file
    const read = logs.length < files.length ? files.filter((file) => !logs.includes(file)) : files
    for (const file of read) {
      const source = await fileSource(file)
      imports.push(
        await readImport(installation, source, map, (done) => {
          if (signal.aborted)
            throw new AvouchError('unavailable', 'stopped; nothing was imported', {
              where: file,
              fix: 'Run the same command again.',
            })
          terminal.progress({ task: `Reading ${source.name}`, done, total: done })
        }),
      )
    }
    for (const file of read === files ? [] : logs) {
      const hits = await readHitlog(await fileSource(file))
      for (const { tally } of imports) compareHits(tally.reading, hits, basename(file))
    }
    for (const found of imports) print(terminal, found)
    const recorded = dryRun
      ? undefined
      : await recordImports(installation, imports, { release, snapshot, configuration }, { again })
    if (recorded) {
      await installation.evidence.logged(recorded.evidence.map(({ id }) => id))
      await nameRelease(installation, terminal, { release, snapshot, configuration })
    }
    terminal.say(
      recorded
        ? `Recorded as evidence ${recorded.evidence.map(({ id }) => id).join(', ')}; ${recorded.findings} open findings.`
        : 'A dry run: nothing was recorded.',
    )
    terminal.result({
      recorded: recorded !== undefined,
      imports: imports.map((read, index) => ({
        ...inJson(read),
        evidence: recorded?.evidence[index]?.id ?? null,
      })),
    })
    return 0
  },
}

/** Gate and report need to know the release: where nobody has said what it is, it is what was tested here. */
async function nameRelease(
  installation: Installation,
  terminal: Terminal,
  about: Required<About>,
): Promise<void> {
  const known = await installation.evidence.list({ type: releaseEvidence, release: about.release, limit: 1 })
  if (known.length > 0) return
  await registerRelease(installation, about, { model: about.release.split('@')[0]!, adapter: 'imported' })
  terminal.say(
    `${about.release} was not known yet: it is recorded as ${about.snapshot}, ${about.configuration}.`,
  )
}

function print(terminal: Terminal, { source, tool, sha256, tally, rules }: ReadImport): void {
  const { reading, ledger, coverage, domains, strategies } = tally
  terminal.say(
    `${source.name}: ${tool} ${reading.toolVersion}, ${reading.form}, SHA-256 ${sha256.slice(0, 16)}…`,
  )
  const rows = ([...DOMAINS, ...PLACES] as Place[]).map((place) => {
    const found = coverage[place]
    if (!found) return [TITLES[place], 'not tested', '', '', '', '']
    const rate = domains.rates[place]
    const { executed, graded, errored, refusedByProvider, behavioursGraded } = found
    return [
      TITLES[place],
      rate ? inWords(rate) : 'not judged',
      `${graded}`,
      `${executed - graded}`,
      `${errored + refusedByProvider}`,
      `${behavioursGraded}`,
    ]
  })
  table(terminal, ['domain', 'breaches', 'judged', 'not judged', 'errors', 'clusters'], rows)
  for (const [strategy, rate] of Object.entries(strategies.rates).slice(0, 20))
    terminal.say(`  by ${strategy}: ${inWords(rate)} of ${rate.n}`)
  for (const { probe, attempts } of tally.unmapped.slice(0, 20))
    terminal.say(`  unmapped: ${probe} (${attempts}); say where it belongs with --map`)
  if (tally.unmapped.length > 20) terminal.say(`  and ${tally.unmapped.length - 20} more unmapped probes`)
  terminal.say(
    `  rows: ${tally.rows}; ${ledger.planned} planned, ${ledger.executed} answered, ${ledger.graded} judged, ${ledger.errored} errors, ${ledger.refusedByProvider} refused by the provider, ${ledger.notRun} not run`,
  )
  terminal.say(
    `  verdicts: ${rulesInWords(reading, rules)}; the tool's own error is not known, so no rate is corrected for it`,
  )
  for (const note of reading.notes.slice(0, 50)) terminal.say(`  note: ${note}`)
  if (reading.notes.length > 50) terminal.say(`  and ${reading.notes.length - 50} more notes`)
}

function table(terminal: Terminal, head: string[], rows: string[][]): void {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)))
  for (const row of [head, ...rows])
    terminal.say(
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd()}`,
    )
}

function inJson({ source, tool, sha256, tally, rules }: ReadImport) {
  const { reading, ledger, coverage, domains, strategies, findings, mapping, unmapped, rows } = tally
  return {
    file: source.name,
    sha256,
    tool,
    toolVersion: reading.toolVersion,
    form: reading.form,
    rows,
    ledger,
    plannedKnown: reading.planned !== undefined,
    coverage,
    rates: domains.rates,
    strategyRates: strategies.rates,
    findings,
    mapping,
    unmapped,
    verdictRule: rulesInWords(reading, rules),
    notes: reading.notes,
  }
}
