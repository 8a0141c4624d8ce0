import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gate, registerRelease } from '@avouch/core/gate'
import type { OpenInstallation } from '@avouch/core/open'
import { trustedKeys } from '@avouch/core/trust'
import { verifyReport } from '@avouch/verify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assess } from '../src/assess.ts'
import reporting from '../src/index.ts'
import { findPublication, listPublications, publishReport, reportFiles, writeReport } from '../src/publish.ts'
import { isDisclosed } from '../src/store.ts'
import { testInstallation } from './installation.ts'
import { measured, measurement, measuring } from './measuring.ts'

const release = 'example-model@2.0'
const about = { release, snapshot: 'id:example-2', configuration: 'safeguarded' } as const
const commitments = [measuring, reporting]

let installation: OpenInstallation
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avouch-out-'))
  installation = await testInstallation(commitments)
  await registerRelease(installation, about, { model: 'example', adapter: 'openai' })
  await installation.evidence.append({ type: measured, fields: measurement([0, 3, 1, 0, 7]), about })
})
afterAll(async () => {
  await installation.close()
  await rm(folder, { recursive: true })
})

async function describeRelease(plan: string): Promise<string[]> {
  const path = join(folder, 'plan.yaml')
  await writeFile(path, plan)
  const lines: string[] = []
  await assess({
    installation,
    release,
    about,
    plan: path,
    target: { adapter: 'openai', url: 'http://127.0.0.1/v1', model: 'example' },
    concurrency: 1,
    progress: () => {},
    tell: (line) => lines.push(line),
    signal: AbortSignal.timeout(60_000),
  })
  return lines
}

const statuses = async () =>
  Object.fromEntries(
    (
      await gate(
        installation,
        release,
        commitments.flatMap((one) => one.obligations),
      )
    ).obligations.map((one) => [one.id, one.status]),
  )

test('an unknown release has no report', async () => {
  await expect(reportFiles({ installation, commitments, release: 'nobody@1' })).rejects.toMatchObject({
    code: 'not-found',
  })
})

test('a draft is written before anything is published, and does not verify', async () => {
  const { state, files } = await reportFiles({ installation, commitments, release })
  expect(state).toBe('draft')
  const html = new TextDecoder().decode(files.get('report.html'))
  expect(html.includes('This is a draft')).toBe(true)
  expect((await verifyReport(files.get('report.html')!)).status).toBe('failed')
  expect(await statuses()).toMatchObject({ '6.1': 'missing', '6.3': 'missing', '6.5': 'missing' })
})

test('a published report verifies with the key of its log, moves the gate, and superseding keeps one', async () => {
  expect(
    await describeRelease('report:\n  capabilities: [It answers questions.]\n  limitations: [It errs.]\n'),
  ).toHaveLength(1)
  const first = await publishReport({ installation, commitments, release })
  const keys = await trustedKeys(installation.config)
  for (const name of ['report.html', 'report.json'] as const) {
    const verdict = await verifyReport(first.files.get(name)!, { trustedKeys: keys })
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(verdict.status).toBe('verified')
  }
  expect(await statuses()).toEqual({
    '6.1': 'met',
    '6.2': 'met',
    '6.3': 'partly',
    '6.4': 'missing',
    '6.5': 'met',
  })

  await describeRelease(
    'report:\n  capabilities: [It answers questions.]\n  limitations: [It errs.]\n  appropriateUse: [Drafting.]\n  inappropriateUse: [Deciding alone.]\n',
  )
  const second = await publishReport({ installation, commitments, release })
  expect((await installation.evidence.get(first.evidence.id))?.supersededBy).toBe(second.evidence.id)
  expect(await statuses()).toMatchObject({ '6.1': 'met', '6.3': 'met' })
  expect(await listPublications(installation.db)).toHaveLength(1)
  expect((await findPublication(installation.db, release))?.evidence).toBe(second.evidence.id)

  const again = await reportFiles({ installation, commitments, release })
  expect(again.state).toBe('published')
  const [html] = await writeReport(again, join(folder, 'out'))
  expect(new Uint8Array(await readFile(html!))).toEqual(new Uint8Array(second.files.get('report.html')!))
})

test('one changed digit of a figure, in page or proof, fails', async () => {
  const { files } = await reportFiles({ installation, commitments, release })
  const html = new TextDecoder().decode(files.get('report.html'))
  for (const at of [
    html.indexOf('data-figure="breaches"'),
    html.lastIndexOf('"clusters":5'),
    html.indexOf('It errs.'),
  ]) {
    expect(at).toBeGreaterThan(0)
    const digit = html.slice(at).search(/[0-9s]/) + at
    const sign = html[digit] === '7' ? '8' : '7'
    const changed = new TextEncoder().encode(html.slice(0, digit) + sign + html.slice(digit + 1))
    expect((await verifyReport(changed)).status, html.slice(at, at + 40)).toBe('failed')
  }
})

test('what is withheld is not in the files, but its commitment is; what is disclosed is remembered', async () => {
  const { files } = await reportFiles({ installation, commitments, release })
  const html = new TextDecoder().decode(files.get('report.html'))
  expect(html.includes('kept back')).toBe(false)
  expect(html.match(/The tasks<\/span><code class="av-digest">([0-9a-f]{64})/)).not.toBeNull()
  const [source] = await installation.evidence.list({ type: measured })
  expect(await isDisclosed(installation.db, source!.id)).toBe(true)
})

test('a description with a bare number is refused with its line, and nothing is recorded', async () => {
  const before = (await installation.evidence.list({ release })).length
  await expect(
    describeRelease('report:\n  capabilities:\n    - It is right.\n    - It scores 90 points.\n'),
  ).rejects.toMatchObject({
    code: 'input',
    where: expect.stringContaining('plan.yaml:4, report.capabilities.1'),
  })
  await expect(describeRelease('report:\n  abilities: [x]\n')).rejects.toMatchObject({ code: 'input' })
  expect((await installation.evidence.list({ release })).length).toBe(before)
})
