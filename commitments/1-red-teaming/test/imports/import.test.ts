import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@avouch/core/config'
import { checkThresholds, findingEvidence, gate, releaseEvidence } from '@avouch/core/gate'
import { auditLog, findCheckpoint, proofBundle } from '@avouch/core/log'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import type { Subcommand } from '@avouch/core/verb'
import { checkFigure, verifyFile } from '@avouch/verify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claims } from '../../src/claims.ts'
import { importResult } from '../../src/evidence.ts'
import { auditImport } from '../../src/import.ts'
import { importCommand } from '../../src/import-command.ts'
import { readImportMap } from '../../src/import-map.ts'
import { listImports, viewImport } from '../../src/import-view.ts'
import { obligations } from '../../src/obligations.ts'
import { garakReport, inspectEval, promptfooResults, pyritCsv } from './make-fixtures.ts'

const about = { release: 'example-model@3.0', snapshot: 'id:example-3', configuration: 'bare' as const }

describe('an import in an installation', () => {
  let db: Awaited<ReturnType<typeof installationDatabase>>
  let installation: OpenInstallation
  let home: string
  const lines: string[] = []
  const auditors = () => ({
    import: (records: string) => auditImport(installation, records.split('/')[1] ?? ''),
  })

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'avouch-import-'))
    db = await installationDatabase([])
    installation = await openInstallation(loadConfig({ AVOUCH_DATABASE_URL: db.url }, { home }), {
      commitments: [],
    })
    const societal = ['misleading', 'realtoxicityprompts', 'misogyny', 'atkgen'].map((name) => ({
      probe: `${name}.A`,
      scores: [0, 0],
    }))
    await writeFile(
      join(home, 'a.report.jsonl'),
      garakReport([
        ...societal,
        { probe: 'lmrc.SlurUsage', scores: [1, 0] },
        { probe: 'malwaregen.TopLevel', scores: [1, 0] },
      ]),
    )
    await writeFile(
      join(home, 'b.json'),
      promptfooResults([
        { plugin: 'ssrf', pass: false },
        { plugin: 'bias:age', pass: true },
      ]),
    )
    await writeFile(
      join(home, 'c.eval'),
      inspectEval('cybench', [
        { id: 1, value: 'C' },
        { id: 2, value: 'I' },
      ]),
    )
    await writeFile(
      join(home, 'd.csv'),
      pyritCsv([
        { harm: 'bias', score: 'True' },
        { harm: 'cybercrime', blocked: true },
      ]),
    )
  })
  afterAll(async () => {
    await installation.close()
    await db.close()
    await rm(home, { recursive: true, force: true })
  })

  async function run(files: string[], more: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    let result: unknown
    await (importCommand as Subcommand).run({
      installation,
      args: { FILE: files.map((file) => join(home, file)).join('\0') },
      options: { ...about, dryRun: false, again: false, ...more },
      signal: new AbortController().signal,
      terminal: {
        json: false,
        say: (line) => lines.push(line),
        result: (value) => (result = value),
        progress: () => {},
      },
    })
    return result as Record<string, unknown>
  }
  const imported = () => installation.evidence.list({ type: importResult, release: about.release })
  const blobs = async () =>
    (await readdir(home, { recursive: true })).filter((name) => /imports\/.*\/(file|manifest)$/.test(name))

  it('records nothing in a dry run, nor of several files where one is broken', async () => {
    expect(await run(['a.report.jsonl'], { dryRun: true })).toMatchObject({ recorded: false })
    expect(lines.join('\n')).toMatch(/Societal risk +▇▇·+ +10\.0 % \(/)
    await writeFile(join(home, 'broken.jsonl'), garakReport([{ probe: 'dan.A', scores: [1] }]).slice(0, 350))
    await expect(run(['b.json', 'broken.jsonl'])).rejects.toMatchObject({
      code: 'input',
      where: 'broken.jsonl:3',
    })
    expect(await imported()).toHaveLength(0)
    expect(await blobs()).toHaveLength(0)
  })

  it('looks into folders and patterns without a release named, and writes a map to correct', async () => {
    const folder = join(home, 'runs')
    await mkdir(join(folder, 'deep'), { recursive: true })
    await writeFile(
      join(folder, 'deep', 'x.report.jsonl'),
      garakReport([
        { probe: 'newharm.HateSpeech', scores: [1] },
        { probe: 'dan.Dan', scores: [0] },
      ]),
    )
    await writeFile(join(folder, 'y.eval'), inspectEval('my_task', [{ id: 1, value: 0.7, scorer: 'judge' }]))
    await writeFile(join(folder, 'notes.txt'), 'nothing of a tool')
    const bare = { release: undefined, snapshot: undefined, configuration: undefined }
    const map = join(home, 'suggested.yaml')
    const found = await run(['runs'], { ...bare, suggestMap: map })
    expect(found).toMatchObject({
      recorded: false,
      obligations: [],
      imports: [{ tool: 'garak' }, { tool: 'inspect', target: 'example/model' }],
    })
    expect(found.passedOver).toEqual([join(folder, 'notes.txt')])
    expect(await readImportMap(map)).toEqual({
      places: { 'newharm.HateSpeech': 'societal', my_task: 'unmapped' },
      breach: {},
    })
    expect(await readFile(map, 'utf8')).toContain('# "judge": { atLeast: 0.5 }')
    await expect(run(['runs'], { ...bare, suggestMap: map })).rejects.toMatchObject({ code: 'conflict' })
    const pattern = await run(['runs/*.eval'], { ...bare, dryRun: true })
    expect(pattern).toMatchObject({ imports: [{ tool: 'inspect' }] })
    await expect(run(['runs/*.txt'], { ...bare, dryRun: true })).rejects.toMatchObject({ code: 'input' })
    await expect(run(['runs'], bare)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('--release, --snapshot, --configuration'),
    })
    expect(await imported()).toHaveLength(0)
  })

  it('says before it records what would move at the gate', async () => {
    const found = await run(['a.report.jsonl'], { dryRun: true })
    const moved = found.obligations as { id: string; before: string; after: string }[]
    expect(moved.find(({ id }) => id === '1.7')).toMatchObject({ before: 'missing', after: 'met' })
    expect(moved.find(({ id }) => id === '1.4')).toMatchObject({ before: 'missing', after: 'partly' })
    expect(moved.find(({ id }) => id === '1.3')).toMatchObject({ before: 'missing', after: 'missing' })
    expect(lines.join('\n')).toMatch(/1\.7 +Societal risks.*missing → .*met/)
  })

  it('checks a report against the hitlog beside it, and takes no hitlog alone', async () => {
    const hit = { run_id: 'r1', attempt_id: 'a', detector: 'example.Detector', score: 1 }
    await writeFile(join(home, 'a.hitlog.jsonl'), `${JSON.stringify(hit)}\n`)
    await run(['a.report.jsonl', 'a.hitlog.jsonl'], { dryRun: true })
    expect(lines.join('\n')).toContain("a.hitlog.jsonl lists 1 hits of this run; the report's rows say 2.")
    await expect(run(['a.hitlog.jsonl'], { dryRun: true })).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('hitlog'),
    })
  })

  it('counts every format at the gate, in claims, findings, audit and proof', async () => {
    await run(['a.report.jsonl', 'b.json', 'c.eval', 'd.csv'])
    const records = await imported()
    expect(records.map(({ fields }) => fields.tool)).toEqual(['garak', 'promptfoo', 'inspect', 'pyrit'])

    const named = await installation.evidence.list({ type: releaseEvidence, release: about.release })
    expect(named.map((record) => record.about)).toEqual([about])
    const verdict = await gate(installation, about.release, obligations)
    const status = Object.fromEntries(verdict.obligations.map((o) => [o.id, o]))
    expect(status['1.7']).toMatchObject({
      status: 'met',
      why: expect.stringContaining('imported from garak 0.13.1'),
    })
    expect(status['1.1']).toMatchObject({
      status: 'met',
      why: expect.stringContaining('imported from garak'),
    })
    expect(status['1.4']).toMatchObject({ status: 'partly', why: expect.stringContaining('imported') })
    expect(status['1.3']).toMatchObject({ status: 'missing' })
    expect(verdict.openFindings.length).toBeGreaterThanOrEqual(4)

    const all = await installation.evidence.list({ release: about.release })
    const told = claims(all, about.release)
    expect(told).toHaveLength(4)
    for (const figure of told.flatMap(({ figures }) => figures)) {
      const record = records.find(({ digest }) => digest === figure.source.evidence)!
      const opened = { id: record.id, digest: record.digest, view: { fields: record.fields, withheld: [] } }
      expect(checkFigure(figure, opened as unknown as Parameters<typeof checkFigure>[1])).toMatch(
        /Recomputed|Equal/,
      )
    }

    const threshold = {
      id: 'cyber',
      says: 'cyber',
      evidence: 'red-teaming/import/v1',
      figure: '/rates/cyber',
      side: 'high' as const,
      atMost: 0.01,
    }
    expect(checkThresholds([threshold], records)[0]?.status).toBe('failed')

    const audit = await auditLog(installation, auditors(), () => {})
    expect(audit.problems).toEqual([])
    expect(audit.checked.bulk).toBe(4)
    const bundle = await proofBundle(installation, [{ id: records[0]!.id, pointers: 'all' }])
    const key = (await findCheckpoint(installation.db, 'signed'))!.key
    expect((await verifyFile(Buffer.from(JSON.stringify(bundle)), { trustedKey: key })).status).toBe(
      'verified',
    )
    expect(JSON.stringify(records)).not.toContain('request of this category')
  }, 30_000)

  it('is refused twice, and with --again supersedes', async () => {
    await expect(run(['a.report.jsonl'])).rejects.toMatchObject({ code: 'conflict' })
    await expect(run(['b.json', 'b.json'], { again: true })).rejects.toMatchObject({ code: 'conflict' })
    await run(['a.report.jsonl'], { again: true })
    const records = await imported()
    expect(records).toHaveLength(5)
    expect(records[0]?.supersededBy).toBe(records[4]?.id)
    const findings = await installation.evidence.list({ type: findingEvidence, release: about.release })
    expect(
      findings.filter(
        ({ supersededBy, fields }) => !supersededBy && String(fields.finding).includes('garak'),
      ),
    ).toHaveLength(2)
  })

  it('knows a run again in another file, and as that of another model', async () => {
    const text = await readFile(join(home, 'a.report.jsonl'), 'utf8')
    // not a byte of a row is another: the file's digest alone would not tell
    await writeFile(join(home, 'copy.report.jsonl'), `${text}\n\n`)
    await expect(run(['copy.report.jsonl'])).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('was imported for example-model@3.0 before'),
    })
    for (const again of [false, true])
      await expect(
        run(['copy.report.jsonl'], { release: 'example-other@1.0', snapshot: 'id:other', again }),
      ).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('as of another model, example-model@3.0'),
      })
    // named as another release, it is still the same model
    await run(['copy.report.jsonl'], { release: 'example-alias@1.0' })
    expect(await imported()).toHaveLength(5)
  })

  it('opens a finding once, of however many files it comes', async () => {
    const of = (scores: number[]) => garakReport([{ probe: 'malwaregen.SubFunctions', scores }])
    await writeFile(join(home, 'e.report.jsonl'), of([1, 0]))
    await writeFile(join(home, 'f.report.jsonl'), of([1, 0, 0]))
    await run(['e.report.jsonl', 'f.report.jsonl'], { release: 'example-twice@1.0', snapshot: 'id:twice' })
    const findings = await installation.evidence.list({ type: findingEvidence, release: 'example-twice@1.0' })
    expect(findings.map(({ supersededBy }) => supersededBy === undefined)).toEqual([false, true])
  })

  it('shows imports newest first, with those that were replaced, and one with what has no place', async () => {
    const all = await listImports(installation, about.release)
    expect(all.map(({ file, standing }) => [file?.name, standing])).toEqual([
      ['a.report.jsonl', true],
      ['d.csv', true],
      ['c.eval', true],
      ['b.json', true],
      ['a.report.jsonl', false],
    ])
    const view = await viewImport(installation, all[0]!.id)
    expect(view.domains.find(({ domain }) => domain === 'societal')).toMatchObject({
      coverage: { planned: 10, graded: 10 },
      rate: { value: 0.1, n: 10, clusters: 5 },
      corrected: null,
      why: expect.stringContaining('labelled answers'),
    })
    expect(view.domains.find(({ domain }) => domain === 'cbr')).toMatchObject({ coverage: null, rate: null })
    expect(view.broken.map(({ probe }) => probe).sort()).toEqual(['lmrc.SlurUsage', 'malwaregen.TopLevel'])
    expect(JSON.stringify(view)).not.toContain('I cannot help with that')
    await expect(viewImport(installation, '00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('keeps the file sealed, and an audit finds one flipped byte in it', async () => {
    const paths = (await blobs()).filter((name) => name.endsWith('file'))
    expect(paths).toHaveLength(8)
    const path = join(home, paths[0]!)
    const bytes = await readFile(path)
    expect(bytes.includes('entry_type')).toBe(false)
    bytes[bytes.length >> 1]! ^= 1
    await writeFile(path, bytes)
    const { problems } = await auditLog(installation, auditors(), () => {})
    expect(problems.length).toBeGreaterThan(0)
    bytes[bytes.length >> 1]! ^= 1
    await writeFile(path, bytes)
    expect((await auditLog(installation, auditors(), () => {})).ok).toBe(true)
  })
})
