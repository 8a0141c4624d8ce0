import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Layer, Place } from './arrows.ts'

/** The repository's root, absolute. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')

const LEFT_OUT = new Set(['node_modules', 'dist', '.avouch', 'coverage', 'test-results', '.git'])

/** All files under a folder of the repository whose names match, from the root and with `/`; sorted. */
export function filesUnder(folder: string, match: RegExp): string[] {
  let entries: string[]
  try {
    entries = readdirSync(join(ROOT, folder))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return entries
    .filter((name) => !LEFT_OUT.has(name))
    .flatMap((name) => {
      const path = join(ROOT, folder, name)
      const own = relative(ROOT, path).split(sep).join('/')
      if (statSync(path).isDirectory()) return filesUnder(own, match)
      return match.test(name) ? [own] : []
    })
    .sort()
}

export type Manifest = {
  name: string
  license?: string
  private?: boolean
  workspaces?: string[]
  exports?: Record<string, string>
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/** The package.json of a folder; `''` is the root's. */
export function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest
}

/** Names of everything a package.json declares, for whatever purpose. */
export function declared(of: Manifest): string[] {
  return [of.dependencies, of.optionalDependencies, of.peerDependencies, of.devDependencies].flatMap(
    (group) => Object.keys(group ?? {}),
  )
}

/** The folders of all workspaces, as the root's package.json lists them. */
export function workspaceFolders(): string[] {
  return manifest('').workspaces!.flatMap((pattern) =>
    pattern.endsWith('/*')
      ? readdirSync(join(ROOT, pattern.slice(0, -2)), { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => `${pattern.slice(0, -2)}/${entry.name}`)
      : [pattern],
  )
}

/** Every place that code lies in: the workspaces, and the folders beside them. */
export function places(): Place[] {
  const workspaces = workspaceFolders().map((folder): Place => {
    const of = manifest(folder)
    return { layer: folder.split('/')[0] as Layer, folder, name: of.name, dependencies: declared(of) }
  })
  const yard = ['test', 'bench', 'docs'].map(
    (folder): Place => ({ layer: 'yard', folder, name: undefined, dependencies: declared(manifest('')) }),
  )
  return [...workspaces, ...yard]
}
