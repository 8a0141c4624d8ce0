import { posix } from 'node:path'
import type { Import } from './imports.ts'

/** What an arrow may point from and to. `yard` is everything that is no package: tests of the whole, benches, docs. */
export type Layer = 'verify' | 'core' | 'ui' | 'commitments' | 'apps' | 'yard'

/** A workspace or a folder beside them. */
export type Place = {
  layer: Layer
  /** From the repository's root, with `/`: `commitments/0-scope`. */
  folder: string
  /** The package's name, such as `@avouch/scope`; undefined in the yard. */
  name: string | undefined
  /** What its package.json declares. */
  dependencies: readonly string[]
}

/** Which layers each may import: `verify ← core ← commitments ← apps`, and `ui` under pages and apps. */
const BELOW: Record<Layer, readonly Layer[]> = {
  verify: [],
  core: ['verify'],
  ui: ['verify'],
  commitments: ['verify', 'core', 'ui'],
  apps: ['verify', 'core', 'ui', 'commitments', 'apps'],
  yard: ['verify', 'core', 'ui', 'commitments', 'apps', 'yard'],
}

/**
 * Files that load a module whose name is computed, beside those that list a folder of their own: they discover the
 * commitments, load a person's own plan, load what belongs to one medium, find a file inside an installed package, or use a package that only some
 * installations have.
 */
export const COMPUTED: readonly string[] = [
  'apps/server/src/portal.ts',
  'commitments/1-red-teaming/src/plan-file.ts',
  'commitments/5-content-provenance/src/attack/attacks.ts',
  'commitments/5-content-provenance/src/robustness/bench.ts',
  'core/src/crypto/pkcs11/module.ts',
  'core/src/db/embedded/binaries.ts',
  'core/src/discover.ts',
  'ui/src/static.ts',
]

/** Whether a module loads a family by listing a folder beside it: `new URL('./strategies/', import.meta.url)`. */
export function listsOwnFolder(source: string): boolean {
  return /\breaddir(?:Sync)?\(/.test(source) && /new URL\('\.\/[a-z-]+\/', import\.meta\.url\)/.test(source)
}

const TEST = /(?:^|\/)test\/|\.test\.tsx?$|(?:^|\/)testing(?:\/|\.ts$)|(?:^|\/)bench\//

/**
 * What is wrong with one import, as a sentence; undefined where it is allowed. `file` is the importing file from the
 * repository's root; `shared` are the packages that tests and benches may use: whatever
 * the root or any workspace declares.
 */
export function judge(
  file: string,
  found: Import,
  places: readonly Place[],
  shared: readonly string[],
): string | undefined {
  const from = placeOf(file, places)
  const { specifier } = found
  if (specifier === undefined)
    return COMPUTED.includes(file) || from.layer === 'yard'
      ? undefined
      : 'loads a module whose name is computed'
  if (specifier.startsWith('#')) return 'imports by a private alias, which hides the arrow'
  if (/^(?:\/|file:|data:|https?:)/.test(specifier)) return `imports by address: ${specifier}`
  if (specifier.startsWith('.')) {
    const to = posix.normalize(posix.join(posix.dirname(file), specifier))
    const within = places.find(({ folder }) => to.startsWith(`${folder}/`))
    // A bench may measure what a package keeps to itself; nothing else reaches into another's files.
    if (within === from || (from.layer === 'yard' && within && BELOW.yard.includes(within.layer)))
      return undefined
    return `${specifier} leaves ${from.folder}`
  }
  const testing = TEST.test(file) || from.layer === 'yard'
  if (specifier.startsWith('node:'))
    return from.layer === 'verify' && !testing ? `${specifier}: verify/ runs in a browser too` : undefined
  const name = packageOf(specifier)
  const to = places.find((place) => place.name === name)
  if (to === undefined) return judgeOutside(name, from, testing, shared)
  if (to === from) return undefined
  const neighbour = from.layer === 'commitments' && to.layer === 'commitments'
  if (neighbour) {
    if (specifier !== `${name}/evidence`)
      return `${specifier}: of a neighbour only ${name}/evidence may be imported`
  } else if (!BELOW[from.layer].includes(to.layer))
    return `${specifier}: ${from.layer} may not import ${to.layer}`
  return testing || from.dependencies.includes(name)
    ? undefined
    : `${name} is not declared in ${from.folder}/package.json`
}

function judgeOutside(
  name: string,
  from: Place,
  testing: boolean,
  shared: readonly string[],
): string | undefined {
  if (testing && shared.includes(name)) return undefined
  if (from.layer === 'verify') return `${name}: verify/ has no dependency`
  return from.dependencies.includes(name)
    ? undefined
    : `${name} is not declared in ${from.layer === 'yard' ? 'any package.json' : `${from.folder}/package.json`}`
}

/** The workspace or folder that a file lies in. Throws where there is none. */
export function placeOf(file: string, places: readonly Place[]): Place {
  const place = places.find(({ folder }) => file.startsWith(`${folder}/`))
  if (place === undefined) throw new Error(`${file} lies in no workspace`)
  return place
}

/** `@scope/name/part` → `@scope/name`; `name/part` → `name`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!
}
