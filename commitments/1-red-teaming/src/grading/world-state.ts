import { digestOfFolder } from '../digest.ts'
import { gradeWorldState } from '../graders/world-state.ts'
import type { GraderFamily } from '../graders.ts'
import { WORLD_STATE } from '../probe.ts'

/** Raised with every change that may change a verdict. */
const VERSION = '4'

/** The grader of everything that is played in a world; telling a refusal it shares with the rules. */
export default {
  name: 'world-state',
  order: 0,
  async make() {
    const digest = await digestOfFolder(new URL('../graders/', import.meta.url))
    return [{ name: WORLD_STATE, version: VERSION, digest, grade: gradeWorldState }]
  },
} satisfies GraderFamily
