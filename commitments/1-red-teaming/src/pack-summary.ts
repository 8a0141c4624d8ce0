import { canonicalJson, sha256Hex } from '@avouch/core/campaign'
import { counted } from '@avouch/core/words'
import type { Domain } from './domain.ts'
import { type Pack, probesOf, SEVERITIES, type Severity } from './probe.ts'

/** What a pack holds, in counts: nothing of its wording. */
export type PackSummary = {
  pack: string
  version: string
  domain: Domain
  behaviours: number
  variants: number
  twins: number
  /** Behaviours by facet, in the order of the pack; those without one are left out. */
  facets: Record<string, number>
  severities: Partial<Record<Severity, number>>
  /** SHA-256 (hex) of the canonical JSON of the pack. */
  digest: string
}

/** Pure. */
export function summaryOfPack(pack: Pack): PackSummary {
  const probes = probesOf(pack)
  const facets: Record<string, number> = {}
  for (const { facet } of pack.behaviours) if (facet) facets[facet] = (facets[facet] ?? 0) + 1
  const severities: PackSummary['severities'] = {}
  for (const severity of [...SEVERITIES].reverse()) {
    const n = pack.behaviours.filter((entry) => entry.severity === severity).length
    if (n > 0) severities[severity] = n
  }
  return {
    pack: pack.pack,
    version: pack.version,
    domain: pack.domain,
    behaviours: pack.behaviours.length,
    variants: probes.filter(({ kind }) => kind === 'attack').length,
    twins: probes.filter(({ kind }) => kind === 'benign').length,
    facets,
    severities,
    digest: digestOfPack(pack),
  }
}

/** SHA-256 (hex) of the canonical JSON of a pack. */
export function digestOfPack(pack: Pack): string {
  return sha256Hex(canonicalJson(pack))
}

/** A summary in two lines for a person. */
export function packLines(summary: PackSummary): string[] {
  const { pack, version, domain, behaviours, variants, twins, facets, severities, digest } = summary
  const list = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .map(([name, n]) => `${n} ${name}`)
      .join(', ')
  return [
    `${pack}@${version}  ${domain}: ${counted(behaviours, 'behaviour')}, ${counted(variants, 'variant')}, ${counted(twins, 'benign twin')}  sha256:${digest.slice(0, 16)}`,
    `    ${[list(facets), list(severities)].filter((part) => part !== '').join('; ')}`,
  ]
}
