import { concat } from './bytes.ts'
import { VerifyError } from './errors.ts'

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256
/** Bytes of an entry at most: its length is a uint16. */
export const MAX_ENTRY = 65_535

/** A tile of hashes at a level, or a bundle of entries (C2SP tlog-tiles). `width` 256 is a full one. */
export type Tile = { level: number | 'entries'; index: number; width: number }

/** `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`, without a slash before it. Throws `tile`. */
export function formatTilePath({ level, index, width }: Tile): string {
  if (level !== 'entries' && !(Number.isInteger(level) && level >= 0 && level <= 63))
    refuse('its level is not one of 0 to 63')
  if (!Number.isSafeInteger(index) || index < 0) refuse('its index is not an integer from 0 to 2^53 − 1')
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) refuse('its width is not one of 1 to 256')
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const elements = padded.match(/.{3}/g) ?? []
  const path = elements.map((element, at) => (at < elements.length - 1 ? `x${element}` : element)).join('/')
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`
}

/** Reads a tile's path; only the one spelling of each is read. Throws `tile`. */
export function parseTilePath(path: string): Tile {
  const [, level, elements, width] =
    /^tile\/([0-9]{1,2}|entries)\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path) ?? []
  if (level === undefined || elements === undefined) return refuse('it does not read tile/LEVEL/INDEX')
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(elements.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  }
  if (formatTilePath(tile) !== path) refuse('a number in it has another spelling')
  return tile
}

/** Every tile of a level that a tree of this size has, the partial one last. Throws `tile`. */
export function* tilesOfLevel(level: number | 'entries', size: number): Generator<Tile> {
  const hashes = hashesAtLevel(level, size)
  const full = Math.floor(hashes / TILE_WIDTH)
  for (let index = 0; index < full; index++) yield { level, index, width: TILE_WIDTH }
  if (hashes % TILE_WIDTH > 0) yield { level, index: full, width: hashes % TILE_WIDTH }
}

/** How many hashes (or entries) a tree of this size has at a level of tiles. */
export function hashesAtLevel(level: number | 'entries', size: number): number {
  return level === 'entries' ? size : Math.floor(size / TILE_WIDTH ** level)
}

/** The bytes of an entry bundle: each entry with its length before it, as uint16 big-endian. Throws `tile`. */
export function formatEntryBundle(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  if (entries.length < 1 || entries.length > TILE_WIDTH) refuse('a bundle has 1 to 256 entries')
  return concat(
    ...entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY) refuse(`an entry is longer than ${MAX_ENTRY} bytes`)
      return [Uint8Array.of(entry.length >> 8, entry.length & 255), entry]
    }),
  )
}

/** The entries of a bundle of this width. Throws `tile` on more, fewer or cut ones. */
export function parseEntryBundle(bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer>[] {
  const entries: Uint8Array<ArrayBuffer>[] = []
  for (let at = 0; at < bytes.length; ) {
    if (entries.length === width) refuse(`its bundle holds more than ${width} entries`)
    const end = at + 2 + (bytes[at]! << 8) + (bytes[at + 1] ?? 0)
    if (at + 2 > bytes.length || end > bytes.length) refuse('its bundle is cut off within an entry')
    entries.push(bytes.slice(at + 2, end))
    at = end
  }
  if (entries.length !== width)
    refuse(`its bundle holds ${entries.length} entries where ${width} were asked for`)
  return entries
}

/** The hashes of a tile of this width, 32 bytes each. Throws `tile`. */
export function parseTile(bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer>[] {
  if (bytes.length !== 32 * width)
    refuse(`it has ${bytes.length} bytes where ${width} hashes have ${32 * width}`)
  return Array.from({ length: width }, (_, at) => bytes.slice(32 * at, 32 * (at + 1)))
}

function refuse(why: string): never {
  throw new VerifyError('tile', `The tile cannot be read: ${why}.`)
}
