import { digestOfFolder } from '../digest.ts'
import { DOMAINS } from '../domain.ts'
import { gradeAttack } from '../graders/attack.ts'
import { gradeBenign } from '../graders/benign.ts'
import type { GraderFamily } from '../graders.ts'
import { graderOf, OVER_REFUSAL } from '../probe.ts'

/** Raised with every change that may change a verdict. */
const VERSION = '3'

/** The rule graders: one for each domain and one for benign twins, with the digest of the rules they share. */
export default {
  name: 'rules',
  order: 0,
  async make() {
    const digest = await digestOfFolder(new URL('../graders/', import.meta.url))
    return [
      ...DOMAINS.map((domain) => ({ name: graderOf(domain), version: VERSION, digest, grade: gradeAttack })),
      { name: OVER_REFUSAL, version: VERSION, digest, grade: gradeBenign },
    ]
  },
} satisfies GraderFamily
