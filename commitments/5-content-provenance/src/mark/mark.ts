import { readFile, writeFile } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { type Maker, newContentId } from '../content.ts'
import { readCredential } from '../manifest/credential.ts'
import { sealOf } from '../manifest/seal.ts'
import { kindOf, kindOnDisk } from '../media/families.ts'
import type { Embedded, Family, Kind, MarkedFile } from '../media/family.ts'
import { bytesOf, type OnDisk } from '../media/on-disk.ts'
import { inContentProcessWith } from '../process/content-process.ts'
import type { Watch } from '../process/pool.ts'
import { insertContent, removeContent, serviceOf } from '../register/register.ts'
import { readSettings, watermarkKey } from '../settings.ts'
import { countRefusal } from './counts.ts'
import type { MarkAndSignRequest, MarkedAndSigned } from './mark-and-sign.ts'
import { tellService } from './service.ts'

/** Each layer of a mark, and why it is missing where it is. */
export type Layers = {
  watermark: Embedded | Missing
  manifest: { state: 'signed'; label: string; stamped: boolean; parent: boolean } | Missing
  register: { state: 'kept' }
}
type Missing = { state: 'missing'; why: string }

export type Marked = Maker & {
  bytes: Uint8Array
  contentId: string
  kind: string
  mediaType: string
  layers: Layers
}

/**
 * Marks content: an invisible watermark, a signed C2PA manifest, an entry in the register. Each names the others. Every
 * layer was read back out of the very bytes returned; a layer that could not be made says why.
 *
 * Throws `input` or `limit` where the content is refused, or neither watermark nor manifest could be made: then nothing is
 * returned and nothing registered. `watch` shows how far a long one is, and stops it with the same outcome.
 */
export async function markContent(
  installation: Installation,
  bytes: Uint8Array,
  maker: Maker,
  watch: Watch = {},
): Promise<Marked> {
  const { family, kind } = await kindOf(bytes)
  const how = { seconds: family.secondsFor?.(bytes, kind)?.mark, ...watch }
  return mark(installation, { family, kind, maker, how }, (calls, request) =>
    inContentProcessWith(calls, 'mark', bytes, request),
  )
}

/** The same of content in a file, into the new file `out`: a film is not held, others are while they are marked. */
export async function markFile(
  installation: Installation,
  source: OnDisk,
  out: string,
  maker: Maker,
  watch: Watch = {},
): Promise<Omit<Marked, 'bytes'>> {
  const known = await kindOnDisk(source)
  if (known === undefined) {
    const { bytes, ...marked } = await markContent(installation, await bytesOf(source), maker, watch)
    await orUnregister(installation, marked.contentId, () => writeFile(out, bytes, { mode: 0o600 }))
    return marked
  }
  const { family, kind, head } = known
  const how = { seconds: family.secondsFor?.(head, kind)?.mark, ...watch }
  return mark(installation, { family, kind, maker, how }, (calls, request) =>
    inContentProcessWith(calls, 'markFile', source, out, request),
  )
}

/**
 * Gives marked content out. Where that fails, as on a full disk, nobody has it, and the register does not keep it either;
 * only who is killed in between leaves an entry of what nobody has, and never anything given out without one.
 */
export async function orUnregister(
  { db }: Pick<Installation, 'db'>,
  contentId: string,
  giveOut: () => Promise<void>,
): Promise<void> {
  try {
    await giveOut()
  } catch (error) {
    await removeContent(db, contentId)
    throw error
  }
}

type How = Parameters<typeof inContentProcessWith>[0]
type Done = MarkedFile & Pick<MarkedAndSigned, 'signed'>

async function mark<D extends Done>(
  installation: Installation,
  { family, kind, maker, how }: { family: Family; kind: Kind; maker: Maker; how: How },
  doMark: (how: How, request: MarkAndSignRequest) => Promise<D>,
): Promise<Omit<Marked, 'bytes'> & Omit<D, keyof Done>> {
  const { config, db, now } = installation
  const [service, key, credential, settings] = await Promise.all([
    serviceOf(db, maker, now()),
    watermarkKey(config),
    readCredential(config),
    readSettings(config),
  ])
  const { timeStampAuthority } = settings
  await tellService(installation, service, credential, settings)
  try {
    const contentId = newContentId()
    const when = toMinute(now())
    const seal = credential && sealOf({ credential, stampUrl: timeStampAuthority })
    const statement = { maker, when, version: await ownVersion() }
    const { watermark, look, signed, ...rest } = await doMark(
      { ...how, calls: seal && { signClaim: seal.signClaim } },
      {
        payload: { service: service.number, contentId },
        key,
        sealing: seal && { alg: seal.alg, size: seal.size, statement },
      },
    )
    const unsigned = kind.noManifest ?? (credential === undefined ? NO_CERTIFICATE : undefined)
    if (watermark.state === 'missing' && unsigned !== undefined)
      throw new AvouchError('input', `this cannot be marked: ${watermark.why}; ${unsigned}`, {
        fix: 'Use a larger picture or a longer sound, or install a certificate: `avouch content ca` makes one for trying out.',
      })
    await insertContent(db, {
      contentId,
      service: service.number,
      family: family.name,
      kind: kind.name,
      markedAt: when,
      watermark: watermark.state === 'embedded',
      ...look,
      manifestLabel: signed?.label,
      manifest: signed?.manifest,
    })
    return {
      ...rest,
      ...maker,
      contentId,
      kind: kind.name,
      mediaType: kind.mediaType,
      layers: {
        watermark,
        manifest: signed
          ? {
              state: 'signed',
              label: signed.label,
              stamped: timeStampAuthority !== undefined,
              parent: signed.parent,
            }
          : { state: 'missing', why: unsigned ?? NO_CERTIFICATE },
        register: { state: 'kept' },
      },
    }
  } catch (error) {
    if (!how.signal?.aborted)
      await countRefusal(db, service.number, now(), isRefusal(error) ? 'refused' : 'failed')
    throw error
  }
}

const NO_CERTIFICATE =
  'this installation has no certificate that signs manifests (`avouch content ca` makes one for trying out)'

function isRefusal(error: unknown): boolean {
  return error instanceof AvouchError && (error.code === 'input' || error.code === 'limit')
}

/** Nothing finer is kept or told: it would help to find out who asked. */
function toMinute(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 60_000) * 60_000)
}

let version: Promise<string> | undefined

function ownVersion(): Promise<string> {
  version ??= readFile(new URL('../../package.json', import.meta.url), 'utf8').then(
    (text) => (JSON.parse(text) as { version: string }).version,
  )
  return version
}
