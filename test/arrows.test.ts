import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMPUTED, judge, listsOwnFolder, type Place, packageOf } from './house/arrows.ts'
import { type Import, importsOf } from './house/imports.ts'
import { declared, filesUnder, manifest, places, ROOT } from './house/repository.ts'

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

describe('the arrows of the house', () => {
  const everywhere = places()
  const shared = [...declared(manifest('')), ...everywhere.flatMap(({ dependencies }) => dependencies)]
  const files = everywhere.flatMap(({ folder }) => filesUnder(folder, /\.[cm]?tsx?$/))
  const imports = new Map(
    files.map((file) => [file, importsOf(read(file), file.endsWith('x') ? 'tsx' : 'ts')]),
  )

  it('run one way: verify ← core ← commitments ← apps, ui under the pages, neighbours by their evidence', () => {
    expect(files.length).toBeGreaterThan(300)
    const wrong = [...imports].flatMap(([file, found]) =>
      found.flatMap((one) => {
        if (one.specifier === undefined && listsOwnFolder(read(file))) return []
        const why = judge(file, one, everywhere, shared)
        return why === undefined ? [] : [`${file}:${one.line} ${why}`]
      }),
    )
    expect(wrong).toEqual([])
  })

  it('are what the package.json files declare', () => {
    const wrong = everywhere.flatMap((from) =>
      from.dependencies.flatMap((name) => {
        const to = everywhere.find((place) => place.name === name)
        if (to === undefined || from.layer === 'yard') return []
        const via = to.layer === 'commitments' && from.layer === 'commitments' ? `${name}/evidence` : name
        const why = judge(`${from.folder}/package.json`, written(via), everywhere, shared)
        return why === undefined ? [] : [`${from.folder}/package.json: ${why}`]
      }),
    )
    expect(wrong).toEqual([])
    expect(Object.keys(manifest('verify').dependencies ?? {})).toEqual([])
  })

  it('name only parts that the neighbour exports', () => {
    const wrong = [...imports].flatMap(([file, found]) =>
      found.flatMap(({ specifier, line }) => {
        const to = everywhere.find(({ name }) => specifier !== undefined && name === packageOf(specifier))
        if (to?.name === undefined) return []
        const part = `.${specifier!.slice(to.name.length)}`
        return Object.hasOwn(manifest(to.folder).exports ?? {}, part)
          ? []
          : [`${file}:${line} ${specifier} is not among the exports of ${to.folder}`]
      }),
    )
    expect(wrong).toEqual([])
  })

  it('are computed nowhere else than is listed, and there they are', () => {
    for (const file of COMPUTED)
      expect(
        imports.get(file)?.some((one) => one.specifier === undefined),
        file,
      ).toBe(true)
  })
})

const written = (specifier: string | undefined, kind: Import['kind'] = 'static'): Import => ({
  specifier,
  kind,
  line: 1,
})

describe('the reading of imports', () => {
  it('finds every form and tells types from code', () => {
    const source = [
      "import a from 'one'",
      "import type { B } from 'two'",
      "import { type C } from 'three'",
      "import 'four'",
      "export * from 'five'",
      "export type { D } from 'six'",
      "export { e } from 'seven'",
      "const f = await import('eight')",
      "type G = import('nine').G",
      "const h = require('ten')",
      "const i = createRequire(import.meta.url).resolve('eleven')",
      "const j = import.meta.resolve('twelve')",
      'const k = await import(`thirteen`)',
      "const l = await import('four' + k + 'teen')",
      "import m = require('fifteen')",
      "const n = require.resolve('sixteen')",
      "// import o from 'no comment'",
      'const p = "import q from \'no string\'"',
      'export { p }',
    ].join('\n')
    expect(importsOf(source).map(({ specifier, kind, line }) => [line, kind, specifier])).toEqual([
      [1, 'static', 'one'],
      [2, 'type', 'two'],
      [3, 'static', 'three'],
      [4, 'static', 'four'],
      [5, 'static', 'five'],
      [6, 'type', 'six'],
      [7, 'static', 'seven'],
      [8, 'dynamic', 'eight'],
      [9, 'type', 'nine'],
      [10, 'dynamic', 'ten'],
      [11, 'dynamic', 'eleven'],
      [12, 'dynamic', 'twelve'],
      [13, 'dynamic', 'thirteen'],
      [14, 'dynamic', undefined],
      [15, 'static', 'fifteen'],
      [16, 'dynamic', 'sixteen'],
    ])
    expect(importsOf("const page = <p>import x from 'y'</p>\nimport z from 'z'", 'tsx')).toHaveLength(1)
    expect(() => importsOf('import {')).toThrow()
  })
})

describe('the judging of imports', () => {
  const house: Place[] = [
    { layer: 'verify', folder: 'verify', name: '@example/verify', dependencies: [] },
    {
      layer: 'core',
      folder: 'core',
      name: '@example/core',
      dependencies: ['@example/verify', '@example/ui', '@example/sun', '@example/cli'],
    },
    { layer: 'ui', folder: 'ui', name: '@example/ui', dependencies: ['@example/core', 'paint'] },
    {
      layer: 'commitments',
      folder: 'commitments/1-sun',
      name: '@example/sun',
      dependencies: ['@example/core', '@example/ui', '@example/moon', '@example/cli'],
    },
    { layer: 'commitments', folder: 'commitments/2-moon', name: '@example/moon', dependencies: [] },
    { layer: 'apps', folder: 'apps/cli', name: '@example/cli', dependencies: ['@example/sun'] },
    { layer: 'yard', folder: 'test', name: undefined, dependencies: ['runner'] },
  ]
  const allowed = (file: string, specifier: string): string | undefined =>
    judge(file, written(specifier), house, ['runner'])

  it.each([
    ['core/src/a.ts', '@example/verify'],
    ['core/src/a.ts', './b/c.ts'],
    ['core/src/a.ts', 'node:fs'],
    ['core/src/a.test.ts', 'runner'],
    ['ui/src/a.tsx', 'paint'],
    ['commitments/1-sun/src/a.ts', '@example/core/evidence'],
    ['commitments/1-sun/pages/a.tsx', '@example/ui'],
    ['commitments/1-sun/src/a.ts', '@example/moon/evidence'],
    ['commitments/1-sun/src/a.ts', '@example/sun/evidence'],
    ['commitments/1-sun/test/a.test.ts', '../src/a.ts'],
    ['apps/cli/src/a.ts', '@example/sun/publish'],
    ['test/a.test.ts', '@example/cli'],
    ['test/a.test.ts', '../core/src/index.ts'],
    ['verify/src/a.test.ts', 'node:fs'],
    ['verify/src/a.test.ts', 'runner'],
  ])('lets %s import %s', (file, specifier) => {
    expect(allowed(file, specifier)).toBeUndefined()
  })

  it.each([
    ['verify/src/a.ts', '@example/core', 'verify may not import core'],
    ['verify/src/a.ts', 'node:crypto', 'runs in a browser'],
    ['verify/src/a.ts', 'runner', 'no dependency'],
    ['core/src/a.ts', '@example/ui', 'core may not import ui'],
    ['core/src/a.ts', '@example/sun/evidence', 'core may not import commitments'],
    ['core/src/a.ts', '@example/cli', 'core may not import apps'],
    ['core/src/a.ts', 'runner', 'not declared'],
    ['core/src/a.ts', '../../commitments/1-sun/src/index.ts', 'leaves core'],
    ['core/src/a.ts', '../../corelate/x.ts', 'leaves core'],
    ['core/src/a.ts', '/etc/x.ts', 'by address'],
    ['core/src/a.ts', 'https://example.org/x.ts', 'by address'],
    ['core/src/a.ts', '#inside', 'alias'],
    ['ui/src/a.ts', '@example/core', 'ui may not import core'],
    ['commitments/1-sun/src/a.ts', '@example/moon', 'only @example/moon/evidence'],
    ['commitments/1-sun/src/a.ts', '@example/moon/store', 'only @example/moon/evidence'],
    ['commitments/1-sun/src/a.ts', '../../2-moon/src/evidence.ts', 'leaves commitments/1-sun'],
    ['commitments/1-sun/src/a.ts', '@example/cli', 'commitments may not import apps'],
    ['commitments/2-moon/src/a.ts', '@example/core', 'not declared'],
    ['apps/cli/src/a.ts', '../../../core/src/index.ts', 'leaves apps/cli'],
    ['core/src/a.ts', '../../test/house/b.ts', 'leaves core'],
    ['test/a.test.ts', '../vitest.config.ts', 'leaves test'],
    ['test/a.test.ts', 'paint', 'not declared in any package.json'],
  ])('refuses that %s imports %s', (file, specifier, why) => {
    expect(allowed(file, specifier)).toContain(why)
  })

  it('knows a family that is found by listing a folder of its own', () => {
    const family = "const FOLDER = new URL('./graders/', import.meta.url)\nawait readdir(FOLDER)"
    expect(listsOwnFolder(family)).toBe(true)
    expect(listsOwnFolder(family.replace('./', '../../'))).toBe(false)
    expect(listsOwnFolder('await import(name)')).toBe(false)
  })

  it('refuses a computed import that is not listed', () => {
    expect(judge('core/src/a.ts', written(undefined, 'dynamic'), house, [])).toContain('computed')
  })
})
