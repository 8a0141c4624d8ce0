import { readdir } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import type { Verifier } from './verifier.ts'

const FOLDER = new URL('./verifiers/', import.meta.url)

let listed: Promise<Verifier[]> | undefined

/** Every verifier of the folder: adding one is adding a file. */
export function loadVerifiers(): Promise<Verifier[]> {
  listed ??= readdir(FOLDER).then((names) =>
    Promise.all(
      names
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .sort()
        .map(async (name) => ((await import(new URL(name, FOLDER).href)) as { default: Verifier }).default),
    ),
  )
  return listed
}

/** Throws `input` where none has this name. */
export async function verifierNamed(name: string): Promise<Verifier> {
  const all = await loadVerifiers()
  const found = all.find((one) => one.name === name)
  if (found) return found
  throw new AvouchError('input', `no verifier of attestations has the name ${JSON.stringify(name)}`, {
    fix: `There are ${all.map((one) => one.name).join(', ')}.`,
  })
}
