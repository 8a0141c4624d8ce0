import { parseBundle } from './bundle.ts'
import { type Check, check } from './check.ts'
import { parseCheckpoint, verifyCheckpoint } from './checkpoint.ts'
import { verifyCosignatures } from './cosignature.ts'
import { asObject, type JsonObject, parseJson } from './json.ts'
import { formatVerifierKey, parseNote, parseVerifierKey } from './note.ts'
import { verifyBundle } from './proof.ts'
import { verifyReport } from './report.ts'
import { FILE_LIMITS } from './report-file.ts'
import { unreadable, type Verdict, type VerifyOptions, verdictOf } from './verdict.ts'

/**
 * Checks a file of any kind this package knows, told apart by its content: a report page (`<`), `report.json` or a
 * proof bundle (`{`), a signed checkpoint (anything else). Throws only `no-webcrypto`.
 */
export async function verifyFile(bytes: Uint8Array, options: VerifyOptions = {}): Promise<Verdict> {
  if (bytes[0] === 0x3c) return verifyReport(bytes, options)
  if (bytes[0] !== 0x7b) return verifyCheckpointFile(bytes, options)
  const checks: Check[] = []
  const json = await check(
    checks,
    'file',
    () => asObject(parseJson(bytes, FILE_LIMITS), 'The file'),
    () => 'A JSON document.',
  )
  if (json === undefined) return unreadable(checks)
  return Object.hasOwn(json, 'bundle') ? verifyBundleFile(json, options) : verifyReport(bytes, options)
}

async function verifyBundleFile(json: JsonObject, options: VerifyOptions): Promise<Verdict> {
  const checks: Check[] = []
  const bundle = await check(
    checks,
    'file',
    () => parseBundle(json),
    ({ evidence }) => `A proof bundle with ${evidence.length} pieces of evidence.`,
  )
  if (bundle === undefined) return unreadable(checks)
  const proof = await verifyBundle(bundle, options)
  return verdictOf([...checks, ...proof.checks], proof, [], options, true)
}

/** A checkpoint names no key: without one from the reader, only its form can be checked. */
async function verifyCheckpointFile(bytes: Uint8Array, options: VerifyOptions): Promise<Verdict> {
  const checks: Check[] = []
  const verdict = unreadable(checks)
  const read = await check(
    checks,
    'file',
    () => {
      const note = parseNote(bytes)
      return { note, ...parseCheckpoint(note.text) }
    },
    ({ origin, size }) => `A checkpoint of ${origin} over ${size} leaves.`,
  )
  if (read === undefined) return verdict
  const known = {
    ...verdict,
    origin: read.origin,
    treeSize: read.size,
    unopened: read.size,
    bytesChecked: true,
  }
  const given = options.trustedKey === undefined ? (options.trustedKeys ?? []) : [options.trustedKey]
  let signer = ''
  for (const vkey of given) {
    const name = vkey.slice(0, vkey.indexOf('+'))
    if (options.trustedKey === undefined && name !== read.origin) continue
    const run = async () => {
      const key = await parseVerifierKey(vkey)
      await verifyCheckpoint(bytes, key)
      return formatVerifierKey(key)
    }
    signer =
      (await check(checks, 'checkpoint', run, () => `${read.origin} signed it with the key you gave.`)) ??
      signer
  }
  const cosignatures = await check(
    checks,
    'witnesses',
    async () =>
      verifyCosignatures(read.note, await Promise.all((options.witnesses ?? []).map(parseVerifierKey))),
    (found) => `${found.length} of the witnesses you named cosigned it.`,
  )
  const held = checks.every(({ ok }) => ok)
  const status = !held ? 'failed' : signer === '' ? 'signer-unknown' : 'verified'
  return { ...known, status, signer, cosignatures: cosignatures ?? [] }
}
