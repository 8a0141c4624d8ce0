import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatEntryBundle,
  formatTilePath,
  hashesAtLevel,
  parseEntryBundle,
  parseTile,
  parseTilePath,
  tilesOfLevel,
} from './tiles.ts'

const tile = expect.objectContaining({ name: 'VerifyError', code: 'tile' })

describe('tile paths', () => {
  it('are as the specification writes them', () => {
    expect(formatTilePath({ level: 0, index: 1234067, width: 256 })).toBe('tile/0/x001/x234/067')
    expect(formatTilePath({ level: 63, index: 0, width: 1 })).toBe('tile/63/000.p/1')
    expect(formatTilePath({ level: 'entries', index: 273, width: 112 })).toBe('tile/entries/273.p/112')
  })

  it('read back, and have one spelling', () => {
    const level = fc.oneof(fc.nat(63), fc.constant('entries' as const))
    fc.assert(
      fc.property(level, fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
        expect(parseTilePath(formatTilePath({ level, index, width }))).toEqual({ level, index, width })
      }),
    )
  })

  it.each([
    'tile/00/000',
    'tile/64/000',
    'tile/0/x000/000',
    'tile/0/1',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/001/002',
    'tile/0/x001',
    '/tile/0/000',
    'tile/0/000/',
    'tile/data/000',
    'tile/0/../000',
    'tile/0/x999/x999/x999/x999/x999/999',
  ])('refuse %s', (path) => {
    expect(() => parseTilePath(path)).toThrow(tile)
  })

  it('cover a tree of 70,000 leaves as the specification says', () => {
    const levels = [0, 1, 2].map((level) => [...tilesOfLevel(level, 70_000)])
    expect(levels.map((tiles) => [tiles.length, tiles.at(-1)!.width])).toEqual([
      [274, 112],
      [2, 17],
      [1, 1],
    ])
    expect([...tilesOfLevel(1, 256)]).toEqual([{ level: 1, index: 0, width: 1 }])
    expect([...tilesOfLevel(0, 0)]).toEqual([])
    expect(hashesAtLevel(3, 2 ** 40)).toBe(2 ** 16)
  })
})

describe('entry bundles and tiles', () => {
  it('read back', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }), (entries) => {
        expect(parseEntryBundle(formatEntryBundle(entries), entries.length)).toEqual(
          entries.map((entry) => new Uint8Array(entry)),
        )
      }),
    )
  })

  it('refuse what is cut, what follows, and what is too long', () => {
    const bundle = formatEntryBundle([new Uint8Array(32), new Uint8Array(32)])
    for (let length = 0; length < bundle.length; length++)
      expect(() => parseEntryBundle(bundle.subarray(0, length), 2)).toThrow(tile)
    expect(() => parseEntryBundle(bundle, 1)).toThrow(tile)
    expect(() => parseEntryBundle(bundle, 3)).toThrow(tile)
    expect(() => formatEntryBundle([new Uint8Array(65_536)])).toThrow(tile)
    expect(parseTile(new Uint8Array(64), 2)).toHaveLength(2)
    expect(() => parseTile(new Uint8Array(63), 2)).toThrow(tile)
  })
})
