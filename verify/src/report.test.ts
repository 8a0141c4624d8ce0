import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { sampleReport } from '../test/sample.ts'
import { readPage } from './html.ts'
import { ED25519, formatVerifierKey, verifierKey } from './note.ts'
import { verifyPage, verifyReport } from './report.ts'
import type { Verdict } from './verdict.ts'

let sample: Awaited<ReturnType<typeof sampleReport>>
beforeAll(async () => {
  sample = await sampleReport()
})

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const bytes = (html: string) => new TextEncoder().encode(html)
const wrong = (verdict: Verdict) =>
  verdict.checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`)

async function changed(from: string, to: string): Promise<string[]> {
  const html = text(sample.html)
  expect(html).toContain(from)
  const verdict = await verifyReport(bytes(html.replace(from, to)), { trustedKey: sample.vkey })
  expect(verdict.status).toBe('failed')
  return wrong(verdict)
}

describe('a report file', () => {
  it('is verified with a key from elsewhere, and not without', async () => {
    for (const file of [sample.html, sample.json]) {
      const verified = await verifyReport(file, { trustedKey: sample.vkey })
      expect(wrong(verified)).toEqual([])
      expect(verified).toMatchObject({
        status: 'verified',
        treeSize: 4,
        opened: 4,
        unopened: 0,
        signer: sample.vkey,
        bytesChecked: true,
      })
      expect((await verifyReport(file)).status).toBe('signer-unknown')
      expect((await verifyReport(file, { trustedKeys: [sample.vkey] })).status).toBe('verified')
      expect((await verifyReport(file, { inPage: true })).status).toBe('consistent')
    }
  })

  it('fails against another key, and is unknown among others', async () => {
    const other = formatVerifierKey(
      await verifierKey('log.example.com/avouch', ED25519, new Uint8Array(32).fill(7)),
    )
    const verdict = await verifyReport(sample.html, { trustedKey: other })
    expect(verdict.status).toBe('failed')
    expect(wrong(verdict)[0]).toContain('trusted key')
    expect((await verifyReport(sample.html, { trustedKeys: [other] })).status).toBe('signer-unknown')
    expect(wrong(await verifyReport(sample.html, { trustedKey: 'nonsense' }))[0]).toContain('trusted key')
  })

  it('names the figure whose displayed digit was changed, and the digest', async () => {
    const names = await changed('value="0.1">10.0', 'value="0.1">11.0')
    expect(names.some((name) => name.startsWith('figure rate: display'))).toBe(true)
    expect(names.some((name) => name.startsWith('digest: The file was changed'))).toBe(true)
  })

  it('names the figure whose listed value was changed', async () => {
    const names = await changed('"value":100', '"value":101')
    expect(names).toContainEqual(
      expect.stringContaining('figure attempts: The report says 101, the evidence 100'),
    )
  })

  it('names the evidence whose disclosed value was changed', async () => {
    const names = await changed('"value":0.25}', '"value":0.26}')
    expect(names).toContainEqual(expect.stringMatching(/^evidence 1 .*disclosures: .*\/before/))
    expect(names).toContainEqual(expect.stringContaining('figure change: Its evidence'))
  })

  it('fails after a change to any byte of the proof block', async () => {
    const html = text(sample.html)
    const start = html.lastIndexOf('\n<script')
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: sample.html.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, mask) => {
          const copy = new Uint8Array(sample.html)
          copy[at]! ^= mask
          const verdict = await verifyReport(copy, { trustedKey: sample.vkey })
          expect([at, verdict.status]).toEqual([at, 'failed'])
          expect(wrong(verdict).length).toBeGreaterThan(0)
        },
      ),
      {
        numRuns: 150,
        examples: [
          [start, 1],
          [start + 1, 1],
          [sample.html.length - 1, 1],
        ],
      },
    )
  })

  it('fails after a change to any digit of report.json', async () => {
    const json = text(sample.json)
    const digits = [...json.matchAll(/[0-9]/g)].map(({ index }) => index)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...digits), async (at) => {
        const copy = new Uint8Array(sample.json)
        copy[at] = copy[at] === 0x35 ? 0x36 : 0x35
        expect([at, (await verifyReport(copy, { trustedKey: sample.vkey })).status]).toEqual([at, 'failed'])
      }),
      { numRuns: 100 },
    )
  })

  it.each([
    ['nothing', ''],
    ['no report', '<!doctype html><p>Hello</p>'],
    ['JSON of something else', '{"a":1}'],
    ['half a report', '{"report":{},"figures":[],"proof":'],
  ])('fails calmly on %s', async (_, file) => {
    const verdict = await verifyReport(bytes(file))
    expect(verdict.status).toBe('failed')
    expect(wrong(verdict)).toHaveLength(1)
  })

  it('refuses bytes after the proof, and a second proof', async () => {
    const html = text(sample.html)
    expect((await verifyReport(bytes(`${html} `))).status).toBe('failed')
    expect((await verifyReport(bytes(html.slice(0, -1)))).status).toBe('failed')
    expect((await verifyReport(bytes(html + html))).status).toBe('failed')
  })

  it('shows attested figures apart', async () => {
    const { checks } = await verifyReport(sample.html)
    const attested = checks.filter((check) => check.attested)
    expect(attested.map(({ figure, detail }) => [figure, detail.split(':')[0]])).toEqual([
      ['uplift', 'Attested, not recomputed'],
    ])
  })
})

describe('a report page', () => {
  const parts = (file: Uint8Array) => {
    const { blocks, displayed } = readPage(text(file))
    return { figures: blocks.get('avouch-figures')!, proof: blocks.get('avouch-proof')!, displayed }
  }

  it('is consistent by itself, and verified with a key', async () => {
    const page = parts(sample.html)
    const verdict = await verifyPage(page)
    expect(wrong(verdict)).toEqual([])
    expect(verdict).toMatchObject({ status: 'consistent', bytesChecked: false })
    expect((await verifyPage(page, { trustedKey: sample.vkey })).status).toBe('verified')
  })

  it('fails where it shows another number', async () => {
    const page = parts(sample.html)
    const displayed = page.displayed.map((one) => (one.id === 'errored' ? { ...one, text: '2' } : one))
    expect(wrong(await verifyPage({ ...page, displayed }))).toEqual([
      'figure errored: display: The page shows 2 (value 3) where 3 (value 3) belongs.',
    ])
    expect((await verifyPage({ ...page, displayed: page.displayed.slice(1) })).status).toBe('failed')
  })
})
