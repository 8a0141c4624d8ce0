import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { formatOf } from '../../src/import-formats.ts'
import { tally } from '../../src/import-tally.ts'
import { bytes } from './bytes-source.ts'
import { garakReport, inspectJson, promptfooResults, pyritCsv, pyritJson } from './make-fixtures.ts'

async function read(name: string, content: string | Buffer, step = 4096) {
  const source = bytes(name, content, step)
  const format = await formatOf(source)
  return tally(source, format, format.places, {}, Buffer.alloc(32))
}

const FILES: [name: string, text: string][] = [
  ['r.report.jsonl', garakReport([{ probe: 'dan.Dan', scores: [1] }])],
  ['r.json', promptfooResults([{ plugin: 'ssrf', pass: false }])],
  ['log.json', inspectJson('cybench', [{ id: 1, value: 'C' }])],
  ['memory.json', pyritJson([{ harm: 'cyber', score: 'True' }])],
  ['memory.csv', pyritCsv([{ harm: 'cyber', score: 'True' }])],
]

describe('a file that is not as it should be', () => {
  it('of two gigabytes in one piece is refused in bounded memory, whichever the tool', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'avouch-huge-'))
    try {
      const script = fileURLToPath(new URL('./huge.fixture.ts', import.meta.url))
      const { stdout } = await promisify(execFile)(process.execPath, [script, folder])
      const { found, peak } = JSON.parse(stdout) as { found: Record<string, unknown>; peak: number }
      expect(found).toMatchObject({
        'line.report.jsonl': { code: 'limit', where: 'line.report.jsonl:2' },
        'string.json': { code: 'limit', where: 'string.json:1' },
        'passed-over.json': { code: 'input', where: 'passed-over.json:1' },
        'cell.csv': { code: 'limit', where: 'cell.csv:2' },
        'log.eval': { code: 'input', where: 'log.eval' },
      })
      // how far garbage is let grow depends on the machine; the file is larger than this
      expect(peak).toBeLessThan(1536 * 1024 * 1024)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }, 60_000)

  it.each(FILES)('%s reads the same with a byte order mark and with CRLF', async (name, text) => {
    const plain = await read(name, text)
    const other = await read(name, `\uFEFF${text.replace(/\r?\n/g, '\r\n')}`, 7)
    expect(other.ledger).toEqual(plain.ledger)
    expect(other.domains).toEqual(plain.domains)
  })

  it.each(FILES)('%s with bytes that are no UTF-8 is refused', async (name, text) => {
    const broken = Buffer.from(text)
    broken[broken.lastIndexOf('this category')] = 0xff
    await expect(read(name, broken)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('UTF-8'),
      where: expect.stringContaining(name),
    })
  })

  it.each(FILES)(
    '%s cut off anywhere in its last row is refused or counts fewer rows',
    async (name, text) => {
      const whole = await read(name, text)
      for (const share of [0.5, 0.7, 0.9]) {
        const cut = text.slice(0, Math.floor(text.length * share))
        const found = await read(name, cut).catch((error: { code?: string }) => error.code)
        if (typeof found === 'object') expect(found.rows).toBeLessThanOrEqual(whole.rows)
        else expect(found).toMatch(/input|limit/)
      }
    },
  )

  it('nested too deep to be read again is refused', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const text = garakReport([{ probe: 'dan.Dan', scores: [1] }]).replace(
      '"goal":"a category"',
      `"goal":${deep}`,
    )
    await expect(read('r.jsonl', text)).rejects.toMatchObject({ code: 'limit', where: 'r.jsonl:3' })
    const row = promptfooResults([{ plugin: 'ssrf', pass: false }]).replace('"An answer."', deep)
    await expect(read('r.json', row)).rejects.toMatchObject({ code: 'limit' })
  })

  it.each([
    ['empty.jsonl', '', /is empty/, /garak/],
    ['results.yaml', 'evalId: eval-1\nresults: {}\n', /none of the tools/, /export JSON/],
    ['report.html', '<!doctype html><html></html>', /none of the tools/, /page/],
    ['pyrit.db', 'SQLite format 3\0', /none of the tools/, /database/],
    ['utf16.json', Buffer.from('\uFEFF{"evalId":1}', 'utf16le'), /none of the tools/, /UTF-16/],
    ['log.eval.gz', Buffer.from([0x1f, 0x8b, 8, 0, 0]), /none of the tools/, /gzip/],
  ])('%s is refused with what to do instead', async (name, content, message, fix) => {
    await expect(read(name, content)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    })
  })

  it('that says more was planned than anybody runs is refused', async () => {
    const log = JSON.parse(inspectJson('cybench', [{ id: 1, value: 'C' }])) as Record<string, never>
    const { results, eval: task } = log as unknown as {
      results: { total_samples: number }
      eval: { dataset: { samples: number } }
    }
    for (const total of [1e300, 1e15]) {
      results.total_samples = total
      task.dataset.samples = total
      await expect(read('log.json', JSON.stringify(log))).rejects.toMatchObject({ code: 'limit' })
    }
  })

  it('numbers that are none give no verdict', async () => {
    const text = garakReport([{ probe: 'dan.Dan', scores: [1, 1, 0] }]).replaceAll(
      '[1,1,0]',
      '[Infinity,-Infinity,0]',
    )
    expect((await read('r.jsonl', text)).ledger).toMatchObject({ executed: 3, graded: 1 })
  })
})
