/**
 * How many decisions a second the policies that ship take, over people, models and actions that differ from one decision
 * to the next: by the clock, and by the processor time of this process alone, which other work on the machine hardly
 * changes. The median of several rounds of each; policies are parsed once, and nothing is remembered between decisions.
 *
 *     node bench/access.ts [--decisions 20000] [--rounds 5] [--json]
 */
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import {
  ACCESS_ACTIONS,
  type Question,
  readPolicies,
} from '../commitments/3-weight-security/src/access/policy/engine.ts'
import { DEFAULT_FOLDER, readPolicyFiles } from '../commitments/3-weight-security/src/access/policy/files.ts'
import { median } from './within.ts'

const { values } = parseArgs({
  options: {
    decisions: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
})
const [decisions, rounds] = [Number(values.decisions), Number(values.rounds)]

const FUNCTIONS = ['weights-training', 'weights-evaluation', 'weights-serving', 'weights-approver', 'writing']
const ENVIRONMENTS = ['research', 'evaluation', 'production']
const pick = <T>(from: readonly T[], at: number): T => from[at % from.length]!

/** 500 people, 40 models, every action; about every third is allowed. */
const questions = Array.from({ length: 5000 }, (_, at): Question => {
  const project = `project-${at % 8}`
  return {
    subject: {
      id: `person-${at % 500}`,
      team: `team-${at % 20}`,
      functions: [pick(FUNCTIONS, at), pick(FUNCTIONS, at >> 2)],
      projects: [project, `project-${(at >> 3) % 8}`],
      environments: [pick(ENVIRONMENTS, at), pick(ENVIRONMENTS, at >> 1)],
      roles: ['custodian'],
    },
    action: pick(ACCESS_ACTIONS, at >> 4),
    model: `model-${at % 40}@1`,
    environment: pick(ENVIRONMENTS, at >> 1),
    purpose: 'evaluation',
    seconds: 3600,
    projects: [project],
  }
})

const { decide } = readPolicies(await readPolicyFiles(DEFAULT_FOLDER))
const [byClock, byProcessor]: [number[], number[]] = [[], []]
let allowed = 0
for (let round = -1; round < rounds; round++) {
  const [start, used] = [performance.now(), process.cpuUsage()]
  allowed = 0
  for (let at = 0; at < decisions; at++) if (decide(questions[at % questions.length]!).allowed) allowed++
  const { user, system } = process.cpuUsage(used)
  // the first round warms up
  if (round < 0) continue
  byClock.push((decisions / (performance.now() - start)) * 1000)
  byProcessor.push((decisions / (user + system)) * 1e6)
}
const result = {
  decisions,
  rounds,
  allowed: allowed / decisions,
  perSecond: median(byClock),
  perProcessorSecond: median(byProcessor),
  load: loadavg()[0],
}
if (values.json) console.log(JSON.stringify(result))
else
  console.log(
    `${Math.round(result.perSecond)} decisions a second by the clock, ${Math.round(result.perProcessorSecond)} a second of processor time (${Math.round(100 * result.allowed)} % allowed; load ${result.load?.toFixed(1)})`,
  )
