import { counted } from '@avouch/core/words'
import type { CampaignView, ShownRate } from '../campaign-view.ts'
import { DOMAIN_TITLES } from '../domain.ts'
import { inWords } from '../rate.ts'
import type { Comparison } from './comparison-evidence.ts'

/** The main numbers of a campaign as lines for a person: planned and done beside every rate. */
export function linesOfView(view: CampaignView): string[] {
  const { planned, executed, graded, errored, refusedByProvider, notRun, supersededErrors } = view.ledger
  return [
    `${view.about.release}, ${view.state}, evidence ${view.evidence ?? 'none yet'}`,
    ...table('Breaches by domain', view.domains, ({ domain }) => domain),
    ...table('Breaches by strategy', view.strategies, ({ strategy }) => strategy),
    ...table('Breaches by severity', view.severities, ({ severity }) => severity),
    ...table('Harmless questions refused', view.refusals, ({ domain }) => domain),
    ...(view.refusals.length === 0 ? ['over-refusal: not measured'] : []),
    ...(view.agents
      ? [
          ...table('Agents in simulated worlds, breaches', view.agents.domains, ({ domain }) => domain),
          ...table(
            'What agents reached, by stage',
            view.agents.stages ?? [],
            ({ domain, stage }) => `${domain}, ${stage}`,
          ),
          ...table('Harmless tasks that agents declined', view.agents.tasks, ({ domain }) => domain),
        ]
      : []),
    ...grading(view),
    ...tries(view),
    ...firsts(view),
    ...(view.comparison
      ? [
          `compared with campaign ${view.comparison.with.campaign} of ${view.comparison.with.release}:`,
          ...linesOfComparison(view.comparison.parts),
        ]
      : []),
    ...view.sealedPacks.map(
      ({ digest, domain, planned: all, executed: done, graded: judged, breaches }) =>
        `sealed pack ${digest.slice(0, 12)}, ${domain}: ${counted(breaches, 'breach', 'breaches')} of ${judged} judged; ${done} of ${all} answered`,
    ),
    ...view.regressions.map(
      ({ flaw, state, breaches, graded: judged }) =>
        `reported flaw ${flaw}: ${state}, ${breaches} of ${judged}`,
    ),
    ...cost(view),
    `ledger: ${planned} planned, ${executed} answered, ${graded} judged, ${counted(errored, 'error')}, ${refusedByProvider} refused by the provider, ${notRun} not run${supersededErrors > 0 ? `; ${counted(supersededErrors, 'error')} asked again` : ''}`,
  ]
}

/** A comparison as lines: the change with its interval, whether chance explains it, and what could have been seen. */
export function linesOfComparison(parts: Comparison): string[] {
  return Object.entries(parts).flatMap(([name, part]) => {
    if (!part) return []
    const head = `  ${name.padEnd(16)}`
    const { comparable, change, pairs, shared, planned, p, adjusted, detectable } = part
    if (!comparable || !change)
      return [
        `${head}  not comparable: ${part.why ?? 'too little is shared'} (${shared} of ${planned} shared)`,
      ]
    const chance = adjusted ?? p ?? 1
    return [
      `${head}  ${points(change.value)} points (${points(change.low)} to ${points(change.high)}) over ${counted(pairs, 'pair')} in ${counted(change.clusters, 'behaviour')}; ${chance < 0.05 ? 'more than chance explains' : 'may be chance'} (p ${chance < 0.001 ? '< 0.001' : chance.toFixed(3)}${adjusted === null ? '' : ', adjusted'}); ${detectable === null ? 'too few to show any change' : `a change of ${points(detectable).replace('+', '')} points would show four times in five`}; ${shared} of ${planned} planned are shared`,
    ]
  })
}

function table<Row extends ShownRate>(
  title: string,
  rows: readonly Row[],
  nameOf: (row: Row) => string,
): string[] {
  if (rows.length === 0) return []
  const width = Math.max(...rows.map((row) => nameOf(row).length))
  return [
    `${title}:`,
    ...rows.map((row) => {
      const { rate, graded, coverage } = row
      const done = coverage
        ? `${coverage.planned} planned, ${coverage.executed} answered, ${coverage.graded} judged`
        : 'nothing planned'
      const told = rate
        ? `${inWords(rate)} of ${rate.n}${graded ? `, graded ${inWords(graded)}` : ''}`
        : 'not tested'
      return `  ${nameOf(row).padEnd(width)}  ${told}; ${done}`
    }),
  ]
}

function grading({ calibrations, domains }: CampaignView): string[] {
  const why = new Set(domains.flatMap(({ rate, why: reason }) => (rate && reason ? [reason] : [])))
  return [
    ...calibrations.map(
      ({ grader, part, sensitivity, specificity, before, evidence }) =>
        `corrected by the calibration of ${grader} (${part}): finds ${sensitivity ? inWords(sensitivity) : 'unknown'}, leaves alone ${specificity ? inWords(specificity) : 'unknown'}; evidence ${evidence}${before === false ? ', recorded after the result was known' : ''}`,
    ),
    ...[...why].map((reason) => `not corrected for the graders' error: ${reason}`),
  ]
}

function tries({ bestOf, withstands }: CampaignView): string[] {
  return [
    ...Object.entries(bestOf ?? {}).flatMap(([domain, ats]) =>
      (ats ?? []).map(
        (at) =>
          `best of ${at.k}, ${domain}: ${inWords(at)} of ${at.n} behaviours give way to one of ${at.k} tries, as graded`,
      ),
    ),
    ...Object.entries(withstands ?? {}).flatMap(([domain, ats]) =>
      (ats ?? []).map(
        (at) =>
          `pass^${at.k}, ${domain}: the same attack is withstood ${at.k} times with a chance of ${inWords(at)}, over ${at.n} behaviours, as graded`,
      ),
    ),
  ]
}

function firsts({ firstBreach }: CampaignView): string[] {
  return Object.entries(firstBreach ?? {}).flatMap(([domain, first]) => {
    if (!first) return []
    const name = domain === 'all' ? 'all domains' : DOMAIN_TITLES[domain as keyof typeof DOMAIN_TITLES]
    const { behaviours, broken, calls, seconds } = first
    const median =
      calls.value === null || seconds.value === null
        ? 'half of them never broke, so no median can be told'
        : `half broke within ${calls.value} calls (${calls.low} to ${calls.high ?? 'no bound'}), ${seconds.value.toFixed(1)} s of answers`
    return [`first breach, ${name}: ${broken} of ${behaviours} behaviours broke; ${median}`]
  })
}

function cost({ cost: roles, seconds }: CampaignView): string[] {
  const told = roles.flatMap(({ role, calls, tokens, seconds: taken }) =>
    calls === 0
      ? []
      : [
          `${role === 'model' ? 'the model' : 'attackers, translators and judges'}: ${counted(calls, 'call')}, ${counted(tokens, 'token')}${taken === null ? '' : `, ${taken.toFixed(1)} s`}`,
        ],
  )
  if (told.length === 0) return []
  return [`cost: ${told.join('; ')}${seconds === null ? '' : `; ${seconds.toFixed(1)} s from start to end`}`]
}

/** Percentage points with their sign. */
function points(share: number): string {
  return `${share >= 0 ? '+' : '−'}${Math.abs(100 * share).toFixed(1)}`
}
