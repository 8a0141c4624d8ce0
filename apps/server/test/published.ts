import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineCommitment } from '@avouch/core/commitment'
import { loadConfig } from '@avouch/core/config'
import { defineEvidence } from '@avouch/core/evidence'
import { type Claim, registerRelease } from '@avouch/core/gate'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import reporting from '@avouch/public-reporting'
import { publishReport, type ReportFiles } from '@avouch/public-reporting/publish'
import { clusterRate } from '@avouch/verify'
import { pino } from 'pino'
import { z } from 'zod'

const measured = defineEvidence('example/portal-measured/v1', {
  title: 'Example measurement',
  schema: z.object({
    clusters: z.array(z.tuple([z.number(), z.number()])),
    rate: z.object({
      value: z.number(),
      low: z.number(),
      high: z.number(),
      level: z.number(),
      n: z.number(),
      clusters: z.number(),
    }),
    tasks: z.string(),
  }),
})

const measuring = defineCommitment({
  number: 1,
  name: 'red-teaming',
  title: 'Red-teaming',
  promise: 'Models are attacked before release.',
  obligations: [],
  evidence: async () => [measured],
  claims: async () => (evidence, release) =>
    evidence
      .filter((one) => one.predicateType === measured.predicateType && one.about.release === release)
      .map(({ digest, fields }): Claim => {
        const { rate } = measured.schema.parse({ tasks: '', ...fields })
        const { value, low, high, level, n, clusters } = rate
        return {
          section: 'adversarial-testing',
          title: 'Attacks by machine',
          serves: ['1.1'],
          prose: ['Of all attempts {{breaches}} broke through.'],
          figures: [
            {
              id: 'breaches',
              label: 'Share of attempts that broke through',
              value,
              unit: 'rate',
              interval: { low, high, level },
              n,
              clusters,
              source: { evidence: digest, pointer: '/rate' },
              kind: 'computed',
              method: 'cluster-rate/v1',
              inputs: ['/clusters'],
              recompute: 'Pool breaches over attempts, by cluster.',
            },
          ],
          plots: [],
          withheld: [
            {
              title: 'The tasks',
              reason: 'They would help an attacker.',
              evidence: digest,
              pointer: '/tasks',
            },
          ],
        }
      }),
})

export const RELEASE = 'example-model@2.0'

/** An installation of its own, on the test run's cluster, that can publish a small report; `close` removes it. */
export async function publishing(): Promise<{
  installation: OpenInstallation
  commitments: [typeof measuring, typeof reporting]
  /** Records one measurement, then publishes. */
  publish(): Promise<ReportFiles>
  publishAgain(): Promise<ReportFiles>
  close(): Promise<void>
}> {
  const home = await mkdtemp(join(tmpdir(), 'avouch-portal-'))
  const commitments: [typeof measuring, typeof reporting] = [measuring, reporting]
  const database = await installationDatabase(commitments)
  const config = loadConfig(
    {
      AVOUCH_DATABASE_URL: database.url,
      AVOUCH_ORIGIN: 'example.com/log',
      AVOUCH_PORT: '0',
      AVOUCH_SECURITY_CONTACT: 'mailto:security@example.com',
    },
    { home },
  )
  const installation = await openInstallation(config, { commitments, log: pino({ level: 'silent' }) })
  return {
    installation,
    commitments,
    async publish() {
      const about = { release: RELEASE, snapshot: 'id:example-2', configuration: 'safeguarded' } as const
      await registerRelease(installation, about, { model: 'example', adapter: 'openai' })
      const clusters = [0, 3, 1, 0, 7].map((events): [number, number] => [events, 40])
      const { value, low, high, level, n, clusters: groups } = clusterRate(clusters)
      const rate = { value, low, high, level, n, clusters: groups }
      await installation.evidence.append({
        type: measured,
        fields: { clusters, rate, tasks: 'kept back' },
        about,
      })
      return publishReport({ installation, commitments, release: RELEASE })
    },
    publishAgain: () => publishReport({ installation, commitments, release: RELEASE }),
    async close() {
      await installation.close()
      await database.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
