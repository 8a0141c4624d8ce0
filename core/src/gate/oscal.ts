import type { Commitment } from '../commitment.ts'
import { catalogueDigest } from './verdict.ts'

const OSCAL_VERSION = '1.1.2'
const NAMESPACE = 'https://avouch.dev/ns/oscal'

/**
 * The obligations as an OSCAL catalog (NIST OSCAL 1.1.2, JSON): a group for each commitment, a control for each
 * obligation, with whom it binds, its force and when it is due as properties. The same obligations give the same
 * document but for `modified`.
 */
export function oscalCatalog(commitments: Commitment[], modified: Date) {
  const obligations = commitments.flatMap((commitment) => commitment.obligations)
  return {
    catalog: {
      uuid: uuidOf(catalogueDigest(obligations)),
      metadata: {
        title: 'The Voluntary AI Commitments of 2023 as obligations',
        'last-modified': modified.toISOString(),
        version: catalogueDigest(obligations).slice(0, 16),
        'oscal-version': OSCAL_VERSION,
      },
      groups: commitments.map((commitment) => ({
        id: `commitment-${commitment.number}`,
        title: commitment.title,
        parts: [
          { id: `commitment-${commitment.number}-promise`, name: 'overview', prose: commitment.promise },
        ],
        controls: commitment.obligations.map((obligation) => ({
          id: `obligation-${obligation.id}`,
          title: obligation.title,
          props: [
            { name: 'label', value: obligation.id },
            ...(['binds', 'force', 'due'] as const).map((name) => ({
              name,
              ns: NAMESPACE,
              value: obligation[name],
            })),
          ],
          parts: [
            { id: `obligation-${obligation.id}-statement`, name: 'statement', prose: obligation.promise },
          ],
        })),
      })),
    },
  }
}

/** A version 5-shaped UUID out of a digest, so that the same catalogue keeps its identity. */
function uuidOf(digest: string): string {
  const variant = ((Number.parseInt(digest[16]!, 16) & 0x3) | 0x8).toString(16)
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`
}
