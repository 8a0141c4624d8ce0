import { AvouchError } from '@avouch/core/errors'
import type { Change, NotRun, Scheme } from '../attack/attack.ts'
import { chosenAttacks, loadAttacks, possibleAttacks } from '../attack/attacks.ts'
import type { RobustnessPlan } from './evidence.ts'
import { countSizes, type GivenFile, listFiles } from './files.ts'
import { type Medium, wordsOf } from './medium.ts'

/** What is to be tried, and on which files. */
export type Intent = {
  plan: Omit<RobustnessPlan, 'exercise'>
  given: readonly GivenFile[]
  clean: readonly GivenFile[]
  changes: readonly (Change | NotRun)[]
  schemes: readonly PlannedScheme[]
}
export type PlannedScheme = { scheme: Scheme; planned: number; notRun: string | null }

type Asked = {
  medium: Medium
  folder: string
  /** Files without a mark; the same ones, before they are marked, where none are given. */
  unmarked: string | undefined
  /** Files of each folder at most. */
  limits: { given: number; unmarked: number }
  /** Names; undefined for all. */
  attacks: readonly string[] | undefined
  seed: string
  systems: RobustnessPlan['systems']
}

/** Draws the files and the attacks. Throws `input` or `usage`. */
export async function intend(asked: Asked, signal: AbortSignal): Promise<Intent> {
  const { medium, seed, limits } = asked
  const { algorithm, attacks: rules } = wordsOf(medium)
  const { changes, schemes: chosen, count } = await attacksOf(medium, asked.attacks)
  const given = await listFiles(asked.folder, { medium, limit: limits.given, seed, signal })
  const clean =
    asked.unmarked === undefined
      ? given
      : await listFiles(asked.unmarked, { medium, limit: limits.unmarked, seed, signal })
  if (signal.aborted) throw new AvouchError('usage', 'it was stopped before anything was planned')
  const schemes = plannedSchemes(medium, chosen, given.files.length)
  return {
    given: given.files,
    clean: clean.files,
    changes,
    schemes,
    plan: {
      medium,
      algorithm,
      attacks: rules,
      changes: changes.map(({ name }) => name),
      schemes: schemes.map(({ scheme }) => scheme.name),
      whole: count === (await loadAttacks(medium)).length,
      systems: asked.systems,
      seed,
      pictures: given.digest,
      unmarked: clean.digest,
      sizes: countSizes(medium, given.files),
      unmarkedSizes: countSizes(medium, clean.files),
      unreadable: given.unreadable + (clean === given ? 0 : clean.unreadable),
    },
  }
}

/** The attacks of these names, parted by kind; those that cannot be run here told as not run. Throws `usage`. */
export async function attacksOf(
  medium: Medium,
  names: readonly string[] | undefined,
): Promise<{ changes: (Change | NotRun)[]; schemes: Scheme[]; count: number }> {
  const attacks = await possibleAttacks(await chosenAttacks(medium, names))
  return {
    changes: attacks.filter((attack): attack is Change | NotRun => attack.kind === 'change'),
    schemes: attacks.filter((attack): attack is Scheme => attack.kind !== 'change'),
    count: attacks.length,
  }
}

/** Each scheme is attempted on files of its own, as often as there are enough. */
export function plannedSchemes(medium: Medium, schemes: readonly Scheme[], files: number): PlannedScheme[] {
  const { one, many } = wordsOf(medium)
  return schemes.map((scheme) => {
    const planned = Math.floor(files / scheme.files)
    return {
      scheme,
      planned,
      notRun: planned > 0 ? null : `one attempt takes ${scheme.files} ${scheme.files === 1 ? one : many}`,
    }
  })
}
