import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { declared, manifest, ROOT, workspaceFolders } from '../test/house/repository.ts'

/**
 * Licences of packages that may be used and passed on with a program under Apache-2.0: permissive ones; MPL-2.0, whose
 * terms stay with its own unmodified files; OFL-1.1, for fonts. As SPDX names them.
 */
export const COMPATIBLE: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MPL-2.0',
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
])

/** Libraries of their own, unmodified and loaded at run time, that anyone can exchange, which is what the LGPL asks. */
const SHARED_LIBRARY = /^(@img\/sharp-(libvips-.+|win32-.+|wasm32)|codec-parser)$/

/** Whether a package of the lock may be there: by its licence, or as a shared library under the LGPL (decision 0011). */
export function mayBeUsed({ name, licence }: Locked): boolean {
  return (
    isCompatible(licence) ||
    (SHARED_LIBRARY.test(name) && isCompatible(licence?.replaceAll('LGPL-3.0-or-later', 'MPL-2.0')))
  )
}

export type Locked = { name: string; version: string; licence: string | undefined }

type LockEntry = { version?: string; license?: string; link?: boolean }

/** Every package of the lock, for all platforms, by its place under node_modules. */
export function lockedPackages(): Map<string, Locked> {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>
  }
  return new Map(
    Object.entries(lock.packages)
      .filter(([place, { link }]) => place.includes('node_modules/') && !link)
      .map(([place, { version, license }]) => [
        place,
        { name: place.split('node_modules/').at(-1)!, version: version ?? '', licence: license },
      ]),
  )
}

/** Whether an SPDX expression can be met with compatible licences alone; `OR` leaves the choice, `AND` does not. */
export function isCompatible(expression: string | undefined): boolean {
  if (expression === undefined) return false
  return expression
    .replaceAll(/[()]/g, ' ')
    .split(/\sOR\s/)
    .some((choice) => choice.split(/\sAND\s/).every((licence) => COMPATIBLE.has(licence.trim())))
}

type Direct = Locked & { usedBy: string[] }

/** Every package that the root or a workspace declares, and who does; sorted by name. */
export function directDependencies(): Direct[] {
  const locked = lockedPackages()
  const own = workspaceFolders().map((folder) => manifest(folder).name)
  const found = new Map<string, Direct>()
  for (const folder of ['', ...workspaceFolders()])
    for (const name of declared(manifest(folder))) {
      if (own.includes(name)) continue
      const entry = locked.get(`${folder}/node_modules/${name}`) ?? locked.get(`node_modules/${name}`)
      if (entry === undefined)
        throw new Error(`${name} of ${folder || 'the root'} is not in package-lock.json`)
      const direct = found.get(name) ?? { ...entry, usedBy: [] }
      direct.usedBy.push(folder === '' ? 'tools and tests' : folder)
      found.set(name, direct)
    }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The text of `docs/licences.md`. */
export function licencesPage(): string {
  const rows = directDependencies().map(
    ({ name, version, licence, usedBy }) => `| ${name} | ${version} | ${licence} | ${usedBy.join(', ')} |`,
  )
  const counts = new Map<string, number>()
  for (const { licence } of lockedPackages().values())
    counts.set(licence ?? 'none', (counts.get(licence ?? 'none') ?? 0) + 1)
  const all = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return `# Licences of what Avouch stands on

Avouch itself is under Apache-2.0. What it needs comes from npm and keeps its own licence; nothing of it is copied into this repository. A test fails where a package of the lock, for any platform, has a licence that cannot go together with Apache-2.0.

libvips comes with sharp, and codec-parser with the decoders of sound, under LGPL-3.0-or-later: libraries of their own, unmodified, loaded at run time, that can be exchanged ([decision 0011](decisions/0011-sound-codecs-one-by-one.md)).

Two of them travel in the pages that Avouch writes: the fonts Inter and Source Serif 4, under OFL-1.1, stand inside each report and on the portal. axe-core (MPL-2.0) and the other MPL-2.0 packages are used as they are, as tools of tests and of the build.

Made by \`npx node docs/licences.ts\`.

| package | version | licence | used by |
| --- | --- | --- | --- |
${rows.join('\n')}

With everything these bring along, for all platforms: ${all.map(([licence, n]) => `${n} ${licence}`).join(', ')}.
`
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  writeFileSync(fileURLToPath(new URL('licences.md', import.meta.url)), licencesPage())
