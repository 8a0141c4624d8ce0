import { defineCommitment } from '@avouch/core/commitment'
import { defineEvidence } from '@avouch/core/evidence'
import type { Claim } from '@avouch/core/gate'
import { clusterRate } from '@avouch/verify'
import { z } from 'zod'

/** Evidence like a campaign's, so that the report can be tested without the commitment that would record it. */
export const measured = defineEvidence('example/measured/v1', {
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
    outside: z.object({ value: z.number(), signer: z.string(), document: z.string() }),
    tasks: z.string(),
  }),
})

export function measurement(events: number[]) {
  const clusters = events.map((count): [number, number] => [count, 40])
  const { value, low, high, level, n, clusters: count } = clusterRate(clusters)
  return {
    clusters,
    rate: { value, low, high, level, n, clusters: count },
    outside: { value: 0.06, signer: 'Example Evaluation Institute', document: 'ab'.repeat(32) },
    tasks: 'kept back',
  }
}

/** A commitment that measures: it claims what `measured` evidence of the release holds. */
export const measuring = defineCommitment({
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
        const { rate, outside } = fields as ReturnType<typeof measurement>
        const { value, low, high, level, n, clusters } = rate
        return {
          section: 'adversarial-testing',
          title: 'Attacks by machine',
          serves: ['1.1', '1.3', '1.4', '1.5', '1.6', '6.2', '6.5'],
          prose: ['Of all attempts {{breaches}} broke through; an outside institute found {{uplift}}.'],
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
            {
              id: 'uplift',
              label: 'Tasks completed beyond the control group',
              value: outside.value,
              unit: 'difference',
              source: { evidence: digest, pointer: '/outside/value' },
              kind: 'attested',
              method: 'none',
              inputs: [],
              recompute: 'It cannot be recomputed: the data stay with the institute.',
              attestation: { signer: outside.signer, document: outside.document },
            },
          ],
          plots: [
            {
              caption: 'Attacks.',
              alt: 'The rate was {{breaches}}.',
              unit: 'rate',
              rows: [{ label: 'All', figure: 'breaches' }],
            },
          ],
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
