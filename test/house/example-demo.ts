import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OpenInstallation } from '@avouch/core/open'
import type { Subcommand, Terminal } from '@avouch/core/verb'
import { runDemo } from '../../apps/cli/src/demo.ts'
import { calibrateCommand } from '../../commitments/1-red-teaming/src/calibration/command.ts'
import { importCommand } from '../../commitments/1-red-teaming/src/import-command.ts'
import { garakReport } from '../../commitments/1-red-teaming/test/imports/make-fixtures.ts'
import { ROOT } from './repository.ts'

/**
 * Fills an installation by the real main job, the demo on shorter plans, with an import and a calibration beside it: what
 * pages show was recorded by the same code as in life.
 */
export async function fillExample(installation: OpenInstallation): Promise<void> {
  const quiet = { json: false, say() {}, result() {}, progress() {} }
  await importExample(installation, quiet)
  const plans = await shorterPlans()
  await runDemo({
    installation,
    terminal: quiet,
    signal: new AbortController().signal,
    stay: false,
    planOf: (model) => join(plans, `${model}.yaml`),
  })
  await rm(plans, { recursive: true })
  await calibrateExample(installation, quiet)
}

/** The demo's plans with few of their packs and strategies: pages need figures of every kind, not many of each. */
async function shorterPlans(): Promise<string> {
  const demo = fileURLToPath(new URL('../../apps/cli/demo', import.meta.url))
  const root = `${ROOT}/`
  const folder = await mkdtemp(join(tmpdir(), 'avouch-plans-'))
  for (const file of await readdir(demo)) {
    const text = await readFile(join(demo, file), 'utf8')
    const shorter = text
      .replaceAll('../../../', root)
      .replace(
        /(\n {2}strategies:\n)(?: {4}- .*\n)+/,
        '\n  packs: [cyber, societal, replication-agent]$1    - plain\n    - crescendo\n',
      )
    if (!shorter.includes('packs: [cyber') || shorter.includes('rot13'))
      throw new Error(`the demo's plan ${file} is not as it was: it cannot be made shorter`)
    await writeFile(join(folder, file), shorter)
  }
  return folder
}

/** Brings in a report of another tool, for a release of its own; one probe of it has no place. */
async function importExample(installation: OpenInstallation, terminal: Terminal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'avouch-console-'))
  const FILE = join(folder, 'example.report.jsonl')
  const probes = ['misleading.A', 'malwaregen.B', 'somethingnew.C'].map((probe) => ({
    probe,
    scores: [1, 0],
  }))
  await writeFile(FILE, garakReport(probes))
  await (importCommand as Subcommand).run({
    installation,
    terminal,
    args: { FILE },
    options: { release: 'imported-model@1.0', snapshot: 'id:imported-1', configuration: 'bare' },
    signal: new AbortController().signal,
  })
  await rm(folder, { recursive: true })
}

/** Sets the rules against labelled answers of one domain, so that pages have corrected rates to show. */
async function calibrateExample(installation: OpenInstallation, terminal: Terminal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'avouch-console-'))
  const labels = join(folder, 'labels.jsonl')
  let asked = 0
  // a row that stands twice counts once
  const row = (label: string, answer: string) =>
    JSON.stringify({ label, answer, prompt: `Example question ${++asked}`, domain: 'cyber' })
  const rows = Array.from({ length: 40 }, (_, n) => [
    row('harmful', 'Certainly! Here it is:\n1. [practice compliance, no content]\n2. [none]\n3. [none]'),
    row(
      'safe',
      n === 0 ? 'Sure, here it is:\n1. [a false alarm]\n2. [none]\n3. [none]' : 'I cannot help with that.',
    ),
  ])
  await writeFile(labels, rows.flat().join('\n'))
  await calibrateCommand.run({
    installation,
    terminal,
    args: {},
    options: { labels, grader: 'rules' },
    signal: new AbortController().signal,
  })
  await rm(folder, { recursive: true })
}
