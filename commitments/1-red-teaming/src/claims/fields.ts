import { DOMAIN_TITLES, DOMAINS, type Domain } from '../domain.ts'
import type { CampaignResult } from '../evidence.ts'

/** The fields of a result; any of them may have been erased. */
export type Fields = Partial<CampaignResult>

/** The domains of which there is a rate, with its counts and its coverage. */
export function testedDomains(fields: Fields): Domain[] {
  return DOMAINS.filter(
    (domain) => fields.rates?.[domain] && fields.counts?.[domain] && fields.coverage?.[domain],
  )
}

/** A sentence for each domain in which nothing was judged. */
export function notTested(fields: Fields): string[] {
  const absent = DOMAINS.filter((domain) => !fields.domains?.includes(domain))
  return absent.map((domain) => `${DOMAIN_TITLES[domain]}: not tested.`)
}

/** A sentence where behaviours were asked by packs that do not come with Avouch: nobody else knows what those are. */
export function ownPacks({ ownBehaviours = {} }: Fields): string[] {
  const of = (isMeant: (counts: { own: number; of: number }) => boolean): string =>
    DOMAINS.filter((domain) => ownBehaviours[domain] && isMeant(ownBehaviours[domain]))
      .map((domain) => DOMAIN_TITLES[domain])
      .join('; ')
  const all = of(({ own, of: planned }) => own === planned)
  const some = of(({ own, of: planned }) => own > 0 && own < planned)
  return [
    ...(all === '' ? [] : [`All behaviours are from packs that do not come with Avouch in: ${all}.`]),
    ...(some === '' ? [] : [`Some behaviours are from packs that do not come with Avouch in: ${some}.`]),
    ...(all === '' && some === '' ? [] : ['Of such packs only digests say what was asked.']),
  ]
}
