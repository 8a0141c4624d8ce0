import { isDeepStrictEqual } from 'node:util'
import type { Installation } from '@avouch/core/installation'
import { algorithmsOf } from '../content.ts'
import { serviceEvidence } from '../evidence.ts'
import type { Credential } from '../manifest/credential.ts'
import { loadFamilies } from '../media/families.ts'
import { type Service, setServiceEvidence } from '../register/register.ts'
import type { Settings } from '../settings.ts'
import { DECODINGS_PER_CHECK, falseAcceptBound } from '../watermark/code/code.ts'
import { MAC_BITS } from '../watermark/code/payload.ts'
import { aboutOf } from './counts.ts'

/** By how many powers of ten a false accept in one check is bounded. */
export const FALSE_ACCEPT_DIGITS = Math.floor(-Math.log10(falseAcceptBound(DECODINGS_PER_CHECK)) * 10) / 10

/** What was told last, as evidence does not change: asked for with every mark, and seldom another. */
let told: { id: string; layers: unknown } | undefined

/** Records how a service marks, before its first mark and whenever that changes. */
export async function tellService(
  { db, evidence }: Installation,
  service: Service,
  credential: Credential | undefined,
  { timeStampAuthority }: Settings,
): Promise<void> {
  const algorithms = (await loadFamilies()).map(({ name }) => algorithmsOf(name))
  const fields = {
    service: service.service,
    model: service.model,
    number: service.number,
    layers: {
      watermark: {
        algorithm: algorithms.map(({ watermark }) => watermark).join(', '),
        bits: { service: 16, contentId: 48, authentication: MAC_BITS },
        falseAcceptDigits: FALSE_ACCEPT_DIGITS,
      },
      manifest: credential
        ? {
            standard: 'C2PA 2.x',
            signer: credential.chain[0]!.fingerprint256.replaceAll(':', '').toLowerCase(),
            timeStamped: timeStampAuthority !== undefined,
          }
        : null,
      register: { fingerprint: algorithms.map(({ fingerprint }) => fingerprint).join(', ') },
    },
  }
  if (told && told.id === service.evidence && isDeepStrictEqual(told.layers, fields.layers)) return
  const before = service.evidence === undefined ? undefined : await evidence.get(service.evidence)
  if (before) told = { id: before.id, layers: before.fields.layers }
  if (before && isDeepStrictEqual(before.fields.layers, fields.layers)) return
  await db.kysely.transaction().execute(async (tx) => {
    const { id } = await evidence.accept(tx, {
      type: serviceEvidence,
      fields,
      about: aboutOf(service),
      ...(before && { supersedes: before.id }),
    })
    await setServiceEvidence(tx, service.number, id)
  })
}
