import type { Database } from '@avouch/core/db'
import type { Logged } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { sql } from 'kysely'
import type { Maker } from '../content.ts'
import { type Privacy, privacyEvidence } from '../evidence.ts'
import { SIGNING_USES } from '../manifest/c2pa.ts'
import { issueRoot, issueSigner } from '../manifest/certificate.ts'
import { signApart } from '../manifest/seal.ts'
import { signerOfKey } from '../manifest/signer.ts'
import { aboutOf } from '../mark/counts.ts'
import { inContentProcess } from '../process/content-process.ts'
import { MAC_BITS } from '../watermark/code/payload.ts'

/** Every column there may be, and that it is about content or services, never about people. */
const COLUMNS = new Set([
  ...['number', 'service', 'model', 'since', 'evidence'].map((name) => `service.${name}`),
  ...['id', 'service', 'family', 'kind', 'marked_at', 'watermark', 'width', 'height', 'hash', 'quality'].map(
    (name) => `content.${name}`,
  ),
  ...['milliseconds', 'parts', 'layout', 'manifest_label', 'manifest', 'counted_in'].map(
    (name) => `content.${name}`,
  ),
  ...['service', 'day', 'reason', 'count'].map((name) => `refusal.${name}`),
  // tries of how well marks survive: outcomes by the number of a file, and a key that is thrown away
  ...['plan', 'key'].map((name) => `robustness.${name}`),
  ...['plan', 'step', 'outcome'].map((name) => `robustness_try.${name}`),
  // which steps made these tables
  ...['name', 'text', 'digest', 'applied_at'].map((name) => `applied_step.${name}`),
])

/** Every member a manifest of ours may have. */
const MEMBERS = [
  /^\/claim_generator_info\/\*\/(name|version|org\.contentauth\.c2pa_rs)$/,
  /^\/(instance_id|label|claim_version)$/,
  /^\/assertions\/\*\/(label|instance)$/,
  /^\/assertions\/\*\/data\/(alg|allActionsIncluded)$/,
  /^\/assertions\/\*\/data\/actions\/\*\/(action|when|digitalSourceType|softwareAgent\/(name|version))$/,
  /^\/assertions\/\*\/data\/blocks\/\*\/value$/,
  // of the company's certificate
  /^\/signature_info\/(alg|issuer|common_name|cert_serial_number|time)$/,
]

const CAVEATS = [
  'A manifest that content had before it was marked is kept in the new one, as C2PA asks; whoever made it may have named people in it.',
  'Times are kept and told to the minute. Whoever holds a service’s own logs can compare them.',
  'Metadata that the content already had (EXIF, XMP) stays in the file as it was; none of it enters the register.',
]

/** Looks up in the running system what marks and register can hold. Nothing is taken from a list of what should be there. */
export async function lookForPeople(db: Database): Promise<Privacy> {
  const found = await sql<{ column: string }>`select table_name || '.' || column_name as column
    from information_schema.columns where table_schema = 'content_provenance' order by 1`.execute(db.kysely)
  const columns = found.rows.map(({ column }) => column)
  const manifestMembers = await membersOfSample()
  return {
    columns,
    watermarkBits: { service: 16, contentId: 48, authentication: MAC_BITS },
    manifestMembers,
    unexpected: [
      ...columns.filter((column) => !COLUMNS.has(column)),
      ...manifestMembers.filter((member) => !MEMBERS.some((known) => known.test(member))),
    ],
    caveats: CAVEATS,
  }
}

/** The same, recorded for what a service makes with a model. */
export async function recordPrivacy(installation: Installation, maker: Maker): Promise<Logged> {
  return installation.evidence.append({
    type: privacyEvidence,
    fields: await lookForPeople(installation.db),
    about: aboutOf(maker),
  })
}

/** A manifest made as always, but for a picture of one pixel and with a certificate that is thrown away. */
async function membersOfSample(): Promise<string[]> {
  const now = new Date()
  const root = issueRoot('Example Company', now)
  const signer = issueSigner(root, 'Example Company', SIGNING_USES, now)
  const statement = {
    maker: { service: 'pictures', model: 'example-model@1.0' },
    family: 'picture',
    contentId: '000000000000',
    fingerprint: '00'.repeat(32),
    when: now,
    mediaType: 'image/png',
    version: '0',
  }
  const credential = {
    chain: [signer.certificate, root.certificate],
    signer: signerOfKey(signer.privateKey),
  }
  const { bytes } = await signApart(PIXEL, { statement, before: PIXEL }, { credential, stampUrl: undefined })
  return inContentProcess('members', bytes, 'image/png')
}

/** A grey PNG of one pixel. */
const PIXEL = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
    'base64',
  ),
)
