import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evidencePage } from '../docs/evidence.ts'
import {
  directDependencies,
  isCompatible,
  licencesPage,
  lockedPackages,
  mayBeUsed,
} from '../docs/licences.ts'
import { filesUnder, manifest, ROOT, workspaceFolders } from './house/repository.ts'

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

describe('the pages made from the code', () => {
  it('docs/evidence.md is current: else run `npx node docs/evidence.ts`', async () => {
    expect(read('docs/evidence.md')).toBe(await evidencePage())
  })

  it('docs/licences.md is current: else run `npx node docs/licences.ts`', () => {
    expect(read('docs/licences.md')).toBe(licencesPage())
  })
})

describe('the licences', () => {
  it('of every package of the lock go together with Apache-2.0', () => {
    const locked = [...lockedPackages().values()]
    expect(locked.length).toBeGreaterThan(200)
    const wrong = locked.filter((locked) => !mayBeUsed(locked))
    expect(
      wrong.map(({ name, version, licence }) => `${name} ${version}: ${licence ?? 'none stated'}`),
    ).toEqual([])
    expect(directDependencies().length).toBeGreaterThan(20)
  })

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND Apache-2.0', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only', false],
    ['AGPL-3.0-or-later', false],
    ['LGPL-3.0-or-later', false],
    ['SEE LICENSE IN LICENSE.txt', false],
    ['UNLICENSED', false],
    [undefined, false],
  ])('%s: %s', (expression, compatible) => {
    expect(isCompatible(expression)).toBe(compatible)
  })

  it('of our own packages are Apache-2.0, whose whole text stands at the root', () => {
    for (const folder of ['', ...workspaceFolders()])
      expect(manifest(folder).license, folder).toBe('Apache-2.0')
    expect(read('LICENSE')).toContain('Version 2.0, January 2004')
    expect(read('LICENSE')).toContain('END OF TERMS AND CONDITIONS')
  })
})

describe('the decisions', () => {
  const names = readdirSync(join(ROOT, 'docs/decisions')).sort()

  it('are numbered without gaps, each with context, decision and consequence', () => {
    expect(names.map((name) => name.slice(0, 4))).toEqual(names.map((_, i) => String(i + 1).padStart(4, '0')))
    for (const name of names) {
      expect(name).toMatch(/^\d{4}-[a-z0-9-]+\.md$/)
      const text = read(`docs/decisions/${name}`)
      expect(text, name).toMatch(/^# \S/)
      for (const part of ['**Context.**', '**Decision.**', '**Consequence.**'])
        expect(text, name).toContain(part)
    }
  })
})

describe('the links between the documents', () => {
  it('lead to files that exist', () => {
    const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'NOTICE'].concat(
      ['docs', 'commitments', 'core', 'verify', 'ui', 'apps', 'bench'].flatMap((folder) =>
        filesUnder(folder, /\.md$/),
      ),
    )
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)]*)?\)/g)]
        .map((found) => found[1]!)
        .filter((to) => !existsSync(join(ROOT, dirname(page), to)))
        .map((to) => `${page}: ${to}`),
    )
    expect(broken).toEqual([])
  })
})
