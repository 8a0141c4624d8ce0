import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { loadConfig } from '../config.ts'
import { type OpenInstallation, openInstallation } from '../open.ts'
import { installationDatabase } from '../testing/index.ts'
import { type StudyPlan, studyPlanSchema } from './plan.ts'
import { type StudyResult, studyResultSchema } from './result.ts'

export const OWNER = 'example-owner'
export const DAY = 86_400_000

/** Installations on one database, with a clock that the test sets. */
export type TestStudies = {
  /** Milliseconds since the epoch. */
  clock: { at: number }
  /** Another process's view of the same installation; `seal` says whether it seals. */
  open(seal?: boolean): Promise<OpenInstallation>
  close(): Promise<void>
}

export async function testStudies(): Promise<TestStudies> {
  const db = await installationDatabase([])
  const home = await mkdtemp(join(tmpdir(), 'avouch-study-'))
  const clock = { at: Date.parse('2026-03-02T09:00:00Z') }
  const config = loadConfig({ AVOUCH_DATABASE_URL: db.url, AVOUCH_ORIGIN: 'example.com/log' }, { home })
  const opened: OpenInstallation[] = []
  return {
    clock,
    async open(seal = true) {
      const installation = await openInstallation(config, {
        commitments: [],
        log: pino({ level: 'silent' }),
        now: () => new Date(clock.at),
        seal,
      })
      opened.push(installation)
      return installation
    },
    async close() {
      for (const installation of opened) await installation.close()
      await db.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** A plan whose end is in May 2026. */
export function examplePlan(change: object = {}): StudyPlan {
  return studyPlanSchema.parse({
    title: 'Does rewording change how often a model declines?',
    field: 'red-teaming-science',
    kind: 'experimental',
    ends: '2026-05-31',
    question: 'Does rewording a question change how often a model declines it?',
    hypotheses: [{ id: 'rewording', statement: 'Reworded questions are declined as often.' }],
    design: { description: 'Each question is asked as it is and reworded, in random order.' },
    sample: {
      existing: 'none-yet',
      procedure: 'Every question is put twice.',
      size: 'Forty questions.',
      stopping: 'When all were put.',
    },
    variables: { measured: 'Whether the answer declines.' },
    analysis: { model: 'A paired difference of rates.', inference: 'A 95 % interval over questions.' },
    ...change,
  })
}

export function exampleResult(change: object = {}): StudyResult {
  return studyResultSchema.parse({
    outcome: 'null',
    summary: 'No difference worth speaking of.',
    hypotheses: { rewording: { outcome: 'null', why: 'The interval lies within five points of zero.' } },
    figures: {
      difference: {
        label: 'Difference of rates',
        unit: 'difference',
        value: 0.01,
        low: -0.03,
        high: 0.05,
        level: 0.95,
        n: 80,
        clusters: 40,
      },
    },
    deviations: [],
    data: {
      digest: 'a'.repeat(64),
      description: 'Eighty answers.',
      from: '2026-03-10T00:00:00Z',
      to: '2026-03-12T00:00:00Z',
    },
    ...change,
  })
}
