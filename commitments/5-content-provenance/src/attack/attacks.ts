import { readdir } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import { encoderThere, ffmpegThere } from '../media/sound/ffmpeg.ts'
import type { Medium } from '../robustness/medium.ts'
import type { Attack } from './attack.ts'

const listed = new Map<Medium, Promise<Attack[]>>()

/**
 * Every attack on a medium: those of the folder of its name, in the order of the files' names. Adding one is adding a file,
 * whose default export is a list.
 */
export function loadAttacks(medium: Medium): Promise<Attack[]> {
  const known = listed.get(medium)
  if (known) return known
  const folder = new URL(`./${medium}/`, import.meta.url)
  const loaded = readdir(folder).then(async (names) =>
    (
      await Promise.all(
        names
          .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
          .sort()
          .map(async (name) => ((await import(new URL(name, folder).href)) as { default: Attack[] }).default),
      )
    ).flat(),
  )
  listed.set(medium, loaded)
  return loaded
}

/** The attacks of these names, or all where none are given. Throws `usage` for an unknown one. */
export async function chosenAttacks(medium: Medium, names?: readonly string[]): Promise<Attack[]> {
  const all = await loadAttacks(medium)
  if (names === undefined) return all
  return [...new Set(names)].map((name) => {
    const attack = all.find((one) => one.name === name)
    if (attack) return attack
    throw new AvouchError('usage', `there is no such attack on a ${medium}`, {
      where: '--attacks',
      fix: `There are ${all.map((one) => one.name).join(', ')}.`,
    })
  })
}

/** The same, those that cannot be run for want of a program told as not run. */
export async function possibleAttacks(
  attacks: readonly Attack[],
  isThere: (needed: string) => Promise<boolean> = programThere,
): Promise<Attack[]> {
  const needed = [...new Set(attacks.flatMap((one) => ('needs' in one && one.needs ? [one.needs] : [])))]
  const there = await Promise.all(needed.map((one) => isThere(one)))
  const missing = needed.filter((_, at) => !there[at])
  return attacks.map((attack) => {
    if (attack.kind !== 'change' || !('apply' in attack) || attack.needs === undefined) return attack
    const { apply: _, needs, ...described } = attack
    if (!missing.includes(needs)) return attack
    return {
      ...described,
      notRun: needs === 'ffmpeg' ? 'ffmpeg is not there' : `ffmpeg has no ${needs} here`,
    }
  })
}

/** Whether there is an ffmpeg, or one with this encoder. */
function programThere(needed: string): Promise<boolean> {
  return needed === 'ffmpeg' ? ffmpegThere() : encoderThere(needed)
}
