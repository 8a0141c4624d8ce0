import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AvouchError } from '@avouch/core/errors'
import { DOMAINS } from './domain.ts'
import { type Pack, packSchema } from './probe.ts'
import { checkWorlds } from './world-pack.ts'
import { type Located, parseYaml, readYaml } from './yaml-file.ts'

/** The packs that come with Avouch. */
export const PACK_FOLDER = fileURLToPath(new URL('../probes/', import.meta.url))

/** Reads one pack. Throws `input` with `FILE:LINE` for a wrong form or an id given twice. */
export async function readPack(file: string): Promise<Pack> {
  return checked(await readYaml(file, packSchema))
}

/** The same for text at hand; `file` is what errors call it. */
export async function parsePack(text: string, file: string): Promise<Pack> {
  return checked(parseYaml(text, file, packSchema))
}

async function checked({ value, where }: Located<Pack>): Promise<Pack> {
  const seen = new Set<string>()
  for (const [n, { id }] of value.behaviours.entries()) {
    if (seen.has(id))
      throw new AvouchError('input', `The behaviour "${id}" stands twice`, {
        where: where(['behaviours', n, 'id']),
        fix: 'Give each behaviour an id of its own.',
      })
    seen.add(id)
  }
  await checkWorlds(value, where)
  return value
}

let shipped: Promise<readonly Pack[]> | undefined

/** All packs that come with Avouch, in the order of the domains; read once a process, since they change with the release. */
export async function readPacks(): Promise<Pack[]> {
  shipped ??= packsIn(PACK_FOLDER)
  return [...(await shipped)]
}

async function packsIn(folder: string): Promise<Pack[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()
  const packs = await Promise.all(files.map((name) => readPack(join(folder, name))))
  return packs.sort((a, b) => DOMAINS.indexOf(a.domain) - DOMAINS.indexOf(b.domain))
}
