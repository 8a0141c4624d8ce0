import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { byteRangeOf, withinObject } from './byte-range.ts'
import { EXAMPLE } from './example.ts'
import { filesOf } from './files.ts'
import { readMapping } from './mapping.ts'
import { filledIn, Pattern } from './pattern.ts'
import { People } from './people.ts'
import { Remembered } from './remembered.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avouch-mapping-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function read(value: unknown) {
  const path = join(folder, 'mapping.json')
  await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value))
  return readMapping(path)
}

describe('a mapping', () => {
  it('is known by its digest, and the example holds', async () => {
    const { digest, mapping } = await read(EXAMPLE)
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(mapping.models[0]!.segmentBytes).toBe(1_048_576)
  })

  it('is refused with the place of what is wrong in it', async () => {
    const model = (over: Record<string, unknown>) => ({ models: [{ model: 'example@1', ...over }] })
    const principal = { id: 'x', names: ['a'] }
    const wrong: [unknown, RegExp][] = [
      ['{', /no JSON/],
      [{ buckets: [] }, /buckets/],
      [model({ model: 'example' }), /models\.0\.model/],
      [model({ objects: [{ at: 'example-weights' }] }), /objects\.0\.at/],
      [model({ objects: [{ at: 's3://example/*', bytes: 5 }] }), /no size in common/],
      [
        model({ objects: [{ at: 's3://example/a' }, { at: 's3://example/a' }] }),
        /objects\.1\.at: is there twice/,
      ],
      [{ principals: [{ ...principal, id: 'a\u0000' }] }, /control/],
      [{ principals: [{ ...principal, names: ['*'.repeat(20)] }] }, /nine stars/],
      [{ environments: [{ environment: 'x', addresses: ['10.0.0.0/33'] }] }, /addresses\.0/],
    ]
    for (const [value, message] of wrong)
      await expect(read(value)).rejects.toMatchObject({
        code: 'input',
        message: expect.stringMatching(message),
      })
  })

  it('names people by patterns, and forgets no more than it has to', () => {
    const people = new People([
      { id: 'first', kind: 'person', names: ['arn:role/Research/*'], role: undefined, team: undefined },
      { id: '$2-of-$1', kind: 'workload', names: ['*@*.example'], role: 'r', team: undefined },
    ])
    expect(people.find(['nobody', 'job@cluster.example'])).toMatchObject({
      id: 'cluster-of-job',
      kind: 'workload',
    })
    expect(people.find(['arn:role/Research/x', 'job@cluster.example'])?.id).toBe('first')
    expect(people.find(['nobody'])).toBeUndefined()
    const memory = new Remembered<number>(3)
    for (let n = 0; n < 100; n++) memory.set(`${n}`, n)
    expect([memory.get('99'), memory.get('0')]).toEqual([99, undefined])
  })
})

describe('a pattern', () => {
  it('fits what the regular expression would, and fills in what its stars stood for', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 })
    const plain = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 })
    fc.assert(
      fc.property(text, plain, (pattern, name) => {
        const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'))
        const expected = new RegExp(`^${parts.join('.*')}$`, 's').test(name)
        const stars = new Pattern(pattern).match(name)
        expect(stars !== undefined).toBe(expected)
        if (stars) expect(stars.reduce((filled, star) => filled.replace('*', () => star), pattern)).toBe(name)
      }),
    )
    expect(filledIn('$1/$2/$3', ['a', '$1'])).toBe('a/$1/')
  })
})

describe('a range header', () => {
  it('is read as RFC 9110 says, within the object', () => {
    const of = (header: string) => {
      const range = byteRangeOf(header)
      return range && withinObject(range, 1000)
    }
    expect(of('bytes=0-99')).toEqual([0, 99])
    expect(of('bytes=900-')).toEqual([900, 999])
    expect(of('bytes=-100')).toEqual([900, 999])
    expect(of('bytes=-5000')).toEqual([0, 999])
    expect(of('bytes=500-9999')).toEqual([500, 999])
    for (const none of ['bytes=1000-', 'bytes=5-4', 'bytes=-', 'bytes=-0', 'bytes=0-1,5-6', 'items=0-1', ''])
      expect(of(none)).toBeUndefined()
  })
})

describe('the files of a log', () => {
  it('come by the time of delivery over all regions, without links and without what is no log', async () => {
    const trail = join(folder, 'trail')
    const put = async (path: string) => {
      await mkdir(join(trail, path, '..'), { recursive: true })
      await writeFile(join(trail, path), '')
    }
    const name = (region: string, time: string) => `${region}/1_CloudTrail_${region}_${time}_x.json.gz`
    await put(name('us-east-1', '20260105T0900Z'))
    await put(name('eu-west-1', '20260105T0905Z'))
    await put('CloudTrail-Digest/eu-west-1/1_CloudTrail-Digest_20260105T0900Z.json.gz')
    await put('notes.txt')
    await symlink('/', join(trail, 'link'))
    const found = await filesOf(trail)
    expect(found.map((path) => path.slice(trail.length + 1))).toEqual([
      name('us-east-1', '20260105T0900Z'),
      name('eu-west-1', '20260105T0905Z'),
    ])
    await expect(filesOf(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'input' })
    await mkdir(join(folder, 'empty'))
    await expect(filesOf(join(folder, 'empty'))).rejects.toMatchObject({ code: 'input' })
  })
})
