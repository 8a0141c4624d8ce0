import type { Terminal } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { shown } from '../signing/resource-name.ts'
import type { Counts } from './counts.ts'
import type { Taking } from './take.ts'

const SHOWN = 10

/** What became of every record, in words; then the names that the mapping does not know. */
export function tellTaking(terminal: Terminal, { counts, faults }: Taking, files: number): void {
  const { of } = counts
  terminal.say(
    `${counted(counts.records, 'record')} in ${counted(files, 'file')}: ${counted(of.taken, 'act on weights or login', 'acts on weights or logins')} and ${counted(of.personnel, 'change')} of people taken${span(counts)}.`,
  )
  const asides = [
    [of.other, 'about something else'],
    [of.elsewhere, 'of places, keys and groups the mapping does not name'],
    [of.write, 'that write'],
    [of.echo, 'of keys that the storage used itself'],
    [of.repeated, 'repeated'],
    [of.unmappedObjects, 'of unmapped objects beside mapped ones'],
    [of.unmappedPeople, 'logins and changes of people who are not mapped'],
    [of.malformed, 'malformed'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, what]) => `${count} ${what}`)
  if (asides.length > 0) terminal.say(`Set aside: ${asides.join(', ')}.`)
  if (counts.unmappedPrincipals > 0)
    terminal.say(
      `${counts.unmappedPrincipals} of those taken are of principals the mapping does not know; they stand under the log's name.`,
    )
  list(terminal, 'Principals that are not mapped', counts.names('principals', SHOWN))
  list(terminal, 'Objects that are not mapped', counts.names('objects', SHOWN))
  list(terminal, 'People who are not mapped', counts.names('people', SHOWN))
  for (const { line, field, why } of faults.first)
    terminal.say(`  record ${line}: ${field ? `${field} ` : ''}${why}`)
}

/** The same as a document. */
export function viewTaking({ counts, faults }: Taking, files: number): Record<string, unknown> {
  return {
    files,
    records: counts.records,
    ...counts.of,
    unmappedPrincipals: counts.unmappedPrincipals,
    from: moment(counts.from),
    to: moment(counts.to),
    unmapped: {
      principals: counts.names('principals', 100),
      objects: counts.names('objects', 100),
      people: counts.names('people', 100),
      places: counts.names('places', 100),
    },
    malformedFirst: faults.first,
  }
}

function list(terminal: Terminal, title: string, names: { name: string; count: number }[]): void {
  if (names.length === 0) return
  terminal.say(`${title}:`)
  for (const { name, count } of names) terminal.say(`  ${String(count).padStart(8)}  ${shown(name)}`)
}

function span({ from, to }: Counts): string {
  return from === undefined || to === undefined ? '' : `, ${moment(from)} to ${moment(to)}`
}

function moment(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}
