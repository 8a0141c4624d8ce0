import { styleText } from 'node:util'
import type { Terminal } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { DOMAIN_TITLES, DOMAINS } from './domain.ts'
import type { ReadImport } from './import.ts'
import type { Movement } from './import-movement.ts'
import { guessPlace } from './import-suggest.ts'
import { rulesInWords } from './import-tally.ts'
import { PLACES, type Place } from './imported.ts'
import { inWords } from './rate.ts'

const TITLES: Record<Place, string> = { ...DOMAIN_TITLES, unmapped: 'Unmapped (counts for nothing)' }
const MARK = { met: '●', partly: '◐', missing: '○', exempt: '–', superseded: '–' } as const
/** Rows of each list at most; how many more there are is said. */
const MOST = 20
const BAR = 12

const dim = (text: string): string => styleText('dim', text)
const bold = (text: string): string => styleText('bold', text)

/** Shows one file that was read: what it is, what was found in which domain, what could not be placed. No words of it. */
export function printImport(terminal: Terminal, { source, tool, sha256, tally, rules }: ReadImport): void {
  const { say } = terminal
  const { reading, ledger, strategies } = tally
  say('')
  say(`${bold(source.name)}  ${tool} ${reading.toolVersion}, ${reading.form}`)
  say(dim(`  SHA-256 ${sha256}`))
  say(`  tested  ${reading.target ?? 'the file does not say what'}`)
  say(
    `  ledger  ${[
      `${ledger.planned} ${reading.planned === undefined ? 'rows (what was planned is not told)' : 'planned'}`,
      `${ledger.executed} answered`,
      `${ledger.graded} judged`,
      `${counted(ledger.errored, 'error')}`,
      `${ledger.refusedByProvider} refused by the provider`,
      `${ledger.notRun} not run`,
      ...(ledger.supersededErrors > 0 ? [`${counted(ledger.supersededErrors, 'error')} asked again`] : []),
    ].join(' · ')}`,
  )
  say('')
  printDomains(terminal, tally)
  say('')
  const byStrategy = Object.entries(strategies.rates)
  if (byStrategy.length > 1) {
    list(
      terminal,
      'strategies',
      byStrategy
        .sort(([, a], [, b]) => b.value - a.value)
        .map(([name, rate]) => [name.slice(0, 60), inWords(rate), `of ${rate.n}`]),
    )
  }
  list(
    terminal,
    'mapped',
    Object.entries(tally.mapping)
      .filter(([, place]) => place !== 'unmapped')
      .map(([probe, place]) => [probe.slice(0, 60), DOMAIN_TITLES[place as keyof typeof DOMAIN_TITLES]]),
  )
  list(
    terminal,
    'unmapped',
    tally.unmapped.map(({ probe, attempts }) => {
      const guess = guessPlace(probe)
      return [
        probe.slice(0, 60),
        `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
        guess === 'unmapped' ? '' : `perhaps ${guess}`,
      ]
    }),
  )
  say(
    `  verdicts  ${rulesInWords(reading, rules)}; the tool's own error is not known, so no rate is corrected for it`,
  )
  list(
    terminal,
    'notes',
    reading.notes.map((note) => [note]),
  )
}

/** Shows what recording would move at the gate. */
export function printMovements(terminal: Terminal, release: string, moved: readonly Movement[]): void {
  const { say } = terminal
  say('')
  say(bold(`At the gate for ${release}`))
  for (const { id, title, before, after, why } of moved) {
    const change =
      before === after ? `${MARK[after]} ${after}` : `${MARK[before]} ${before} → ${MARK[after]} ${after}`
    say(`  ${id}  ${title.padEnd(36)} ${before === after ? dim(change) : bold(change)}`)
    if (before !== after) say(dim(`       ${why}`))
  }
}

function printDomains(terminal: Terminal, { coverage, domains }: ReadImport['tally']): void {
  const rows = ([...DOMAINS, ...PLACES] as Place[])
    .filter((place) => place !== 'unmapped' || coverage.unmapped)
    .map((place) => {
      const found = coverage[place]
      if (!found) return [TITLES[place], '', 'not tested', '', '', '', '']
      const rate = domains.rates[place]
      const { executed, graded, errored, refusedByProvider, behavioursGraded } = found
      const filled = rate ? Math.min(BAR, Math.ceil(rate.value * BAR)) : 0
      return [
        TITLES[place],
        '▇'.repeat(filled) + '·'.repeat(BAR - filled),
        rate ? inWords(rate) : 'not judged',
        `${graded}`,
        `${executed - graded}`,
        `${errored + refusedByProvider}`,
        `${behavioursGraded}`,
      ]
    })
  const [head, ...body] = columns([
    ['domain', '', 'breaches', 'judged', 'not judged', 'errors', 'clusters'],
    ...rows,
  ])
  terminal.say(dim(`  ${head}`))
  for (const line of body) terminal.say(`  ${line}`)
}

function list(terminal: Terminal, title: string, rows: string[][]): void {
  if (rows.length === 0) return
  const lines = columns(rows.slice(0, MOST))
  for (const [index, line] of lines.entries())
    terminal.say(`  ${(index === 0 ? title : '').padEnd(9)} ${line}`)
  if (rows.length > MOST) terminal.say(dim(`  ${''.padEnd(9)} and ${rows.length - MOST} more`))
}

function columns(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}
