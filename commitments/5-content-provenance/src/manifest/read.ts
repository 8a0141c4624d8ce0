import { z } from 'zod'
import type { OnDisk } from '../media/on-disk.ts'
import { loadC2pa, settingsOf, withFileBlob } from './c2pa.ts'
import type { Action, Manifest, ManifestReading } from './manifest.ts'

/** Whom to trust (PEM), and by which serial numbers (decimal) of which authorities (PEM) our own certificates are known. */
export type ReadRequest = {
  mediaType: string
  anchors: string | undefined
  own: { anchors: string; serials: string[] } | undefined
}

const short = z.string().transform((text) => text.slice(0, 200))
const codes = z.array(z.object({ code: short })).max(2_000)
const agent = z.union([short, z.object({ name: short.optional(), version: short.optional() })])
const store = z.object({
  manifests: z.record(
    z.string(),
    z.object({
      claim_generator: short.optional(),
      claim_generator_info: z
        .array(z.object({ name: short.optional(), version: short.optional() }))
        .max(50)
        .optional(),
      signature_info: z
        .object({
          issuer: short.nullish(),
          common_name: short.nullish(),
          cert_serial_number: short.nullish(),
          time: short.nullish(),
        })
        .optional(),
      ingredients: z.array(z.unknown()).max(1_000).optional(),
      assertions: z
        .array(z.object({ label: short, data: z.unknown().optional() }))
        .max(1_000)
        .optional(),
    }),
  ),
  validation_state: z.enum(['Valid', 'Invalid', 'Trusted']),
  validation_results: z
    .object({ activeManifest: z.object({ success: codes, failure: codes }).optional() })
    .optional(),
})
const actions = z.object({
  actions: z
    .array(
      z.object({
        action: short,
        when: short.optional(),
        softwareAgent: agent.optional(),
        digitalSourceType: short.optional(),
      }),
    )
    .max(1_000),
})
const binding = z.object({
  alg: short.optional(),
  blocks: z.array(z.object({ value: short })).max(100),
})

/**
 * Reads and checks the C2PA manifest in content, whoever made it. Nothing is fetched. A manifest that cannot be parsed is an
 * answer, not an error.
 */
export function readManifest(bytes: Uint8Array, request: ReadRequest): Promise<ManifestReading> {
  return reading((settings) => storeOf(bytes, request.mediaType, settings), request)
}

/** The same of content in a file, which need not be held. */
export function readManifestOfFile(source: OnDisk, request: ReadRequest): Promise<ManifestReading> {
  const { mediaType } = request
  return withFileBlob(source, mediaType, (blob) =>
    reading((settings) => storeOf(blob, mediaType, settings), request),
  )
}

async function reading(
  ask: (settings: string) => ReturnType<typeof storeOf>,
  { anchors, own }: ReadRequest,
): Promise<ManifestReading> {
  const text = await ask(settingsOf(anchors))
  if (typeof text !== 'string') return text
  const read = store.safeParse(JSON.parse(text))
  if (!read.success)
    return { state: 'unreadable', why: 'it is larger or of another shape than manifests are' }
  const label = (JSON.parse(text) as { active_manifest?: unknown }).active_manifest
  const active = typeof label === 'string' ? read.data.manifests[label] : undefined
  if (typeof label !== 'string' || active === undefined)
    return { state: 'unreadable', why: 'no manifest in it is the active one' }
  const serial = active.signature_info?.cert_serial_number ?? undefined
  const { signerTrusted: _, ...found } = standing(read.data, active.signature_info?.time ?? undefined)
  const manifest: Manifest = {
    ...found,
    label: label.slice(0, 200),
    generator: generatorOf(active),
    signer: {
      organisation: active.signature_info?.issuer ?? undefined,
      name: active.signature_info?.common_name ?? undefined,
      serial,
    },
    own: false,
    actions: (active.assertions ?? []).flatMap(({ label: kind, data }) =>
      kind.startsWith('c2pa.actions') ? actionsIn(data) : [],
    ),
    softBindings: (active.assertions ?? []).flatMap(({ label: kind, data }) =>
      kind.startsWith('c2pa.soft-binding') ? bindingsIn(data) : [],
    ),
    parents: active.ingredients?.length ?? 0,
  }
  if (own && serial !== undefined && own.serials.includes(serial)) {
    // anyone can write this serial number; only our authority can have signed it
    const again = await ask(settingsOf(own.anchors))
    const ours = typeof again === 'string' ? store.safeParse(JSON.parse(again)) : undefined
    const known = ours?.success ? standing(ours.data, undefined) : undefined
    manifest.own = known?.signerTrusted === true && known.signatureHolds
  }
  return { state: 'found', manifest }
}

async function storeOf(
  content: Uint8Array | Blob,
  mediaType: string,
  settings: string,
): Promise<string | Exclude<ManifestReading, { state: 'found' }>> {
  const { WasmReader } = await loadC2pa()
  try {
    const reader =
      content instanceof Blob
        ? await WasmReader.fromBlob(mediaType, content, settings)
        : await WasmReader.fromBytes(mediaType, content, settings)
    try {
      return reader.json()
    } finally {
      reader.free()
    }
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return /no JUMBF data found|JumbfNotFound|ManifestNotFound|claim.*missing/i.test(said)
      ? { state: 'absent' }
      : { state: 'unreadable', why: said.slice(0, 200) }
  }
}

/** What checking found. An untrusted signer stands among the failures too, and is left out of them here. */
function standing(
  { validation_state: state, validation_results: results }: z.infer<typeof store>,
  time: string | undefined,
) {
  const success = new Set(results?.activeManifest?.success.map(({ code }) => code))
  const failures = [...new Set(results?.activeManifest?.failure.map(({ code }) => code))].filter(
    (code) => code !== 'signingCredential.untrusted',
  )
  const signatureHolds = success.has('claimSignature.validated')
  return {
    signatureHolds,
    bytesMatch:
      !failures.some((code) =>
        /\.(dataHash|bmffHash|boxesHash|collectionHash)\.(mismatch|malformed)$/.test(code),
      ) && [...success].some((code) => /\.(dataHash|bmffHash|boxesHash|collectionHash)\.match$/.test(code)),
    wellFormed: state !== 'Invalid' && signatureHolds,
    trusted: state === 'Trusted',
    signerTrusted: success.has('signingCredential.trusted'),
    signedAt: time ? { at: time, stamped: success.has('timeStamp.trusted') } : undefined,
    failures: failures.slice(0, 50),
  }
}

function generatorOf(active: z.infer<typeof store>['manifests'][string]): string | undefined {
  const [info] = active.claim_generator_info ?? []
  const named = [info?.name, info?.version].filter(Boolean).join(' ')
  return named || active.claim_generator
}

function actionsIn(data: unknown): Action[] {
  const read = actions.safeParse(data)
  if (!read.success) return []
  return read.data.actions.slice(0, 50).map((one) => ({
    action: one.action,
    when: one.when,
    agent: agentOf(one.softwareAgent),
    source: one.digitalSourceType?.split('/').at(-1),
  }))
}

function agentOf(given: z.infer<typeof agent> | undefined): string | undefined {
  if (given === undefined || typeof given === 'string') return given
  return [given.name, given.version].filter(Boolean).join(' ') || undefined
}

function bindingsIn(data: unknown): { alg: string; value: string }[] {
  const read = binding.safeParse(data)
  if (!read.success || read.data.alg === undefined) return []
  const { alg, blocks } = read.data
  return blocks.slice(0, 10).map(({ value }) => ({ alg, value }))
}

/** Every member that the active manifest has, as JSON pointers with `*` for places in arrays, sorted. */
export async function membersOf(bytes: Uint8Array, mediaType: string): Promise<string[]> {
  const text = await storeOf(bytes, mediaType, settingsOf())
  if (typeof text !== 'string') return []
  const { active_manifest: label, manifests } = JSON.parse(text) as {
    active_manifest: string
    manifests: Record<string, unknown>
  }
  const found = new Set<string>()
  const walk = (value: unknown, at: string): void => {
    if (Array.isArray(value)) for (const one of value) walk(one, `${at}/*`)
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value)) walk(member, `${at}/${name}`)
    else found.add(at)
  }
  walk(manifests[label], '')
  return [...found].sort().slice(0, 2_000)
}
