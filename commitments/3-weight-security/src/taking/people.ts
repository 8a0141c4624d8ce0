import { createHash } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { addSubnet, type Mapping } from './mapping.ts'
import { filledIn, Pattern } from './pattern.ts'
import { Remembered } from './remembered.ts'

const LONGEST = 200
/** Whoever the mapping does not know; their acts count all the same. */
export const UNMAPPED = 'unmapped:'

export type Known = {
  id: string
  kind: 'person' | 'workload'
  role: string | undefined
  team: string | undefined
}

/** Who the principals of a log are. */
export class People {
  readonly #exact = new Map<string, Mapping['principals'][number]>()
  readonly #patterns: { pattern: Pattern; principal: Mapping['principals'][number] }[] = []
  readonly #found = new Remembered<Known | 'nobody'>(20_000)

  constructor(principals: Mapping['principals']) {
    for (const principal of principals)
      for (const name of principal.names) {
        const pattern = new Pattern(name)
        if (!pattern.isExact) this.#patterns.push({ pattern, principal })
        else if (!this.#exact.has(name)) this.#exact.set(name, principal)
      }
  }

  /** By the first of its names that the mapping knows. */
  find(names: readonly string[]): Known | undefined {
    for (const name of names) {
      const before = this.#found.get(name)
      if (before === 'nobody') continue
      const found = before ?? this.#look(name)
      if (before === undefined) this.#found.set(name, found ?? 'nobody')
      if (found) return found
    }
    return undefined
  }

  #look(name: string): Known | undefined {
    const exact = this.#exact.get(name)
    if (exact) return known(exact, [])
    for (const { pattern, principal } of this.#patterns) {
      const stars = pattern.match(name)
      if (stars) return known(principal, stars)
    }
    return undefined
  }
}

/** How one whom nobody mapped is called: by their first name in the log. */
export function unmappedName(names: readonly string[]): string {
  return shortName(`${UNMAPPED}${names[0] ?? 'nameless'}`)
}

/** No longer than an event's names may be, and still one of its own. */
export function shortName(given: string): string {
  // no database keeps a NUL or half a character in a text
  const text = given.replaceAll('\0', '\ufffd').toWellFormed()
  if (text.length <= LONGEST) return text
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return `${text.slice(0, LONGEST - 17)}~${digest}`
}

function known({ id, kind, role, team }: Mapping['principals'][number], stars: string[]): Known | undefined {
  const filled = filledIn(id, stars)
  return filled === '' ? undefined : { id: shortName(filled), kind, role, team }
}

/** Which environment an address or a network belongs to. */
export class Environments {
  readonly #lists: { environment: string; list: BlockList }[] = []
  readonly #networks: { environment: string; pattern: Pattern }[] = []
  readonly #found = new Remembered<string | null>(20_000)

  constructor(environments: Mapping['environments']) {
    for (const { environment, addresses, networks } of environments) {
      const list = new BlockList()
      for (const address of addresses) addSubnet(list, address)
      if (addresses.length > 0) this.#lists.push({ environment, list })
      for (const network of networks) this.#networks.push({ environment, pattern: new Pattern(network) })
    }
  }

  /** By network first, which says more than an address that many networks have. */
  find(address: string | undefined, networks: readonly string[] = []): string | undefined {
    for (const network of networks)
      for (const { environment, pattern } of this.#networks) if (pattern.match(network)) return environment
    if (address === undefined) return undefined
    const before = this.#found.get(address)
    if (before !== undefined) return before ?? undefined
    const version = isIP(address)
    const found =
      version === 0
        ? this.#networks.find(({ pattern }) => pattern.match(address))?.environment
        : this.#lists.find(({ list }) => list.check(address, version === 4 ? 'ipv4' : 'ipv6'))?.environment
    this.#found.set(address, found ?? null)
    return found
  }
}
