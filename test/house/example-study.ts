import type { Installation } from '@avouch/core/installation'
import { recordResult, registerStudy, studyPlanSchema, studyResultSchema } from '@avouch/core/study'

const DAY = 86_400_000
const day = (at: number) => new Date(at).toISOString().slice(0, 10)

/** Registers a study and records what came of it, unsigned; its id. */
export async function recordExampleStudy(
  installation: Installation,
  about: { release: string; snapshot: string; configuration: 'bare' },
): Promise<string> {
  const now = installation.now().getTime()
  const plan = studyPlanSchema.parse({
    title: 'What people do with the model that they cannot do without',
    field: 'robustness-against-misuse',
    kind: 'experimental',
    domain: 'cyber',
    about,
    ends: day(now + 90 * DAY),
    question: 'Do people with the model solve more of the tasks?',
    hypotheses: [{ id: 'more', statement: 'They do.', direction: 'greater' }],
    design: { description: 'Two arms, by lot.', arms: ['with', 'without'] },
    sample: { existing: 'none-yet', procedure: 'Volunteers.', size: 'Eighty.', stopping: 'At eighty.' },
    variables: { measured: 'Tasks solved.' },
    analysis: { model: 'A difference of means.', inference: 'A 95 % interval.' },
  })
  const { study } = await registerStudy(installation, 'red-teaming', plan)
  const result = studyResultSchema.parse({
    outcome: 'inconclusive',
    summary: 'The arms do not differ by more than chance.',
    hypotheses: { more: { outcome: 'inconclusive', why: 'The interval holds zero.' } },
    figures: {
      more: {
        label: 'More tasks solved',
        unit: 'difference',
        value: 0.4,
        low: -0.2,
        high: 1,
        level: 0.95,
        n: 80,
      },
    },
    arms: [
      { name: 'with', n: 40 },
      { name: 'without', n: 40 },
    ],
    signer: 'Example Institute',
    deviations: [],
    data: { digest: 'a'.repeat(64), description: 'Scores.', from: day(now), to: day(now) },
  })
  await recordResult(installation, study, result, {
    documents: [{ name: 'report.pdf', mediaType: 'application/pdf', bytes: Buffer.from('the report') }],
  })
  return study
}
