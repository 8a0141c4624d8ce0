import { readdir } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import type { Attack } from './attack.ts'

const FOLDER = new URL('./attacks/', import.meta.url)

let listed: Promise<Attack[]> | undefined

/** Every attack of the folder, in the order of the files' names: adding one is adding a file, whose default export is a list. */
export function loadAttacks(): Promise<Attack[]> {
  listed ??= readdir(FOLDER).then(async (names) =>
    (
      await Promise.all(
        names
          .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
          .sort()
          .map(async (name) => ((await import(new URL(name, FOLDER).href)) as { default: Attack[] }).default),
      )
    ).flat(),
  )
  return listed
}

/** The attacks of these names, or all where none are given. Throws `usage` for an unknown one. */
export async function chosenAttacks(names?: readonly string[]): Promise<Attack[]> {
  const all = await loadAttacks()
  if (names === undefined) return all
  return [...new Set(names)].map((name) => {
    const attack = all.find((one) => one.name === name)
    if (attack) return attack
    throw new AvouchError('usage', 'there is no such attack', {
      where: '--attacks',
      fix: `There are ${all.map((one) => one.name).join(', ')}.`,
    })
  })
}
