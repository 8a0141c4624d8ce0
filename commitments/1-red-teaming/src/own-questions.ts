import { canonicalJson, sha256Hex } from '@avouch/core/campaign'
import { DOMAINS, type Domain } from './domain.ts'
import { readPacks } from './pack.ts'
import { probesOf, type RedTeamProbe } from './probe.ts'

/** By domain, how many behaviours were planned, and how many of them not as they come with Avouch. */
export type OwnBehaviours = Partial<Record<Domain, { own: number; of: number }>>

let known: Promise<ReadonlySet<string>> | undefined

/** Digests of the attacks that come with Avouch, whoever judges them. */
export function shippedQuestions(): Promise<ReadonlySet<string>> {
  known ??= readPacks().then((packs) => new Set(packs.flatMap(probesOf).filter(isAttack).map(digestOf)))
  return known
}

/**
 * What a plan asks of its company's own: with one word changed, another severity or criterion, a behaviour is no longer
 * the one that comes with Avouch. Expert packs that came sealed and reported flaws are told of elsewhere. Pure.
 */
export function ownBehaviours(probes: readonly RedTeamProbe[], shipped: ReadonlySet<string>): OwnBehaviours {
  const asked = probes.filter((probe) => isAttack(probe) && !probe.sealed && !probe.regression)
  return Object.fromEntries(
    DOMAINS.flatMap((domain) => {
      const here = asked.filter((probe) => probe.domain === domain)
      const all = new Set(here.map(({ cluster }) => cluster))
      const own = new Set(here.filter((probe) => !shipped.has(digestOf(probe))).map(({ cluster }) => cluster))
      return all.size > 0 ? [[domain, { own: own.size, of: all.size }] as const] : []
    }),
  )
}

function isAttack({ kind }: RedTeamProbe): boolean {
  return kind === 'attack'
}

/** A judge model stands in the place of the rules that a pack names, so the grader is no part of the question. */
function digestOf({ grader: _, ...probe }: RedTeamProbe): string {
  return sha256Hex(canonicalJson(probe))
}
