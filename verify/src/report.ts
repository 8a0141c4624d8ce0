import { type ProofBundle, parseBundle } from './bundle.ts'
import { fromUtf8, hex, utf8 } from './bytes.ts'
import { canonicalBytes, canonicalJson } from './canonical.ts'
import { type Check, check } from './check.ts'
import type { Cosignature } from './cosignature.ts'
import { VerifyError } from './errors.ts'
import { type Figure, parseFigures } from './figure.ts'
import { checkFigures } from './figure-check.ts'
import { formatFigure } from './figure-text.ts'
import { sha256 } from './hash.ts'
import { BLOCK_END, blockHead, blockText, type DisplayedFigure, jsonBlock, readPage } from './html.ts'
import { asObject, type JsonLimits, only, parseJson } from './json.ts'
import { type ProofResult, type Trust, verifyBundle } from './proof.ts'

/** The predicate whose subject is a published report, by the digest of its covered bytes. */
export const REPORT_PREDICATE = 'https://avouch.dev/evidence/public-reporting/report/v1'

/** The ids of a report page's two blocks. */
export const FIGURES_BLOCK = 'avouch-figures'
export const PROOF_BLOCK = 'avouch-proof'

const MAX_BYTES = 67_108_864
const PROOF_LIMITS: JsonLimits = { bytes: MAX_BYTES, depth: 64, values: 4_000_000 }

/**
 * - `verified`: every check held, and the log's key is one that the reader brought.
 * - `consistent`: every check held, as far as a report's own page can say.
 * - `signer-unknown`: every check held, but nothing says whose key it is.
 * - `failed`: some check did not hold; `checks` says which.
 */
export type Status = 'verified' | 'consistent' | 'signer-unknown' | 'failed'

/** What came of checking a report, a proof bundle or a page. */
export type Verdict = {
  status: Status
  checks: Check[]
  /** The log's verifier key as the file gives it; empty where it could not be read. */
  signer: string
  origin: string | undefined
  /** Leaves in the log, of them shown in this file, and not shown. A proof says nothing of those. */
  treeSize: number
  opened: number
  unopened: number
  cosignatures: Cosignature[]
  figures: Figure[]
  /** Whether the digest of all covered bytes was compared, or only figures and proofs. */
  bytesChecked: boolean
}

/** How to judge. `inPage`: within the report's own page, which can say `consistent` at most without a key. */
export type VerifyOptions = Trust & { inPage?: boolean }

/** The list of figures as a report page embeds it in its covered bytes. Throws `input` on what JSON cannot hold. */
export function figuresBlock(figures: readonly Figure[]): string {
  return jsonBlock(FIGURES_BLOCK, canonicalJson(figures))
}

/** SHA-256 (hex) of a report page's covered bytes: the subject of its evidence. */
export async function coveredDigest(covered: string): Promise<string> {
  return hex(await sha256(utf8(covered)))
}

/** The whole file: the covered text, then the proof block, which no signature covers. */
export function assembleReport(covered: string, proof: ProofBundle): Uint8Array<ArrayBuffer> {
  return utf8(`${covered}\n${jsonBlock(PROOF_BLOCK, canonicalJson(proof))}\n`)
}

/** SHA-256 (hex) of `report.json` without its proof, in canonical form: the subject of its evidence. */
export async function coveredJsonDigest(report: {
  report: unknown
  figures: readonly Figure[]
}): Promise<string> {
  return hex(await sha256(canonicalBytes({ report: report.report, figures: report.figures })))
}

/**
 * Checks a report file, `report.html` or `report.json`, from its bytes alone. Answers `failed` for what is no report;
 * throws only `no-webcrypto`.
 */
export async function verifyReport(bytes: Uint8Array, options: VerifyOptions = {}): Promise<Verdict> {
  const checks: Check[] = []
  const parts = await check(
    checks,
    'file',
    () => readReport(bytes),
    ({ kind }) => `A report in ${kind}.`,
  )
  if (parts === undefined) return failed(checks)
  const proof = await verifyBundle(parts.proof, options)
  checks.push(...proof.checks)
  await check(
    checks,
    'digest',
    async () => checkDigest(hex(await sha256(parts.covered)), proof),
    (digest) => `Every byte before the proof is covered by the signed digest ${digest.slice(0, 16)}.`,
  )
  if (parts.displayed !== undefined) await checkDisplayed(checks, parts.figures, parts.displayed)
  await checkFigures(checks, parts.figures, proof.evidence)
  return verdict(checks, proof, parts.figures, options, true)
}

/**
 * Checks what a report page holds, without the page's own bytes: its two blocks and the figures it displays. The
 * prose and everything else of the page is not checked. Throws only `no-webcrypto`.
 */
export async function verifyPage(
  page: { figures: string; proof: string; displayed: DisplayedFigure[] },
  options: VerifyOptions = {},
): Promise<Verdict> {
  const checks: Check[] = []
  const read = () => ({
    figures: parseFigures(parseJson(page.figures, PROOF_LIMITS)),
    bundle: readBundle(page.proof),
  })
  const parts = await check(
    checks,
    'page',
    read,
    ({ figures }) => `A report page with ${figures.length} figures.`,
  )
  if (parts === undefined) return failed(checks)
  const proof = await verifyBundle(parts.bundle, options)
  checks.push(...proof.checks)
  await check(
    checks,
    'report evidence',
    () => {
      if (!proof.evidence.some(({ predicateType }) => predicateType === REPORT_PREDICATE))
        throw new VerifyError('report', 'The proof holds no evidence that this report was published.')
      return true
    },
    () => 'The proof holds the signed digest of the report file. Choose the saved file to compare it.',
  )
  await checkDisplayed(checks, parts.figures, page.displayed)
  await checkFigures(checks, parts.figures, proof.evidence)
  return verdict(checks, proof, parts.figures, { inPage: true, ...options }, false)
}

/** Checks a proof bundle that stands in a file of its own. Throws only `no-webcrypto`. */
export async function verifyBundleFile(bytes: Uint8Array, options: VerifyOptions = {}): Promise<Verdict> {
  const checks: Check[] = []
  const bundle = await check(
    checks,
    'file',
    () => parseBundle(parseJson(bytes, PROOF_LIMITS)),
    ({ evidence }) => `A proof bundle with ${evidence.length} pieces of evidence.`,
  )
  if (bundle === undefined) return failed(checks)
  const proof = await verifyBundle(bundle, options)
  return verdict([...checks, ...proof.checks], proof, [], options, true)
}

type ReportParts = {
  kind: 'HTML' | 'JSON'
  covered: Uint8Array
  figures: Figure[]
  proof: ProofBundle
  displayed: DisplayedFigure[] | undefined
}

function readReport(bytes: Uint8Array): ReportParts {
  if (bytes.length > MAX_BYTES) throw new VerifyError('limit', `The file is larger than ${MAX_BYTES} bytes.`)
  return bytes[0] === 0x7b ? readReportJson(bytes) : readReportPage(fromUtf8(bytes))
}

function readReportJson(bytes: Uint8Array): ReportParts {
  const file = asObject(parseJson(bytes, PROOF_LIMITS), 'The file')
  if (file.figures === undefined || file.proof === undefined)
    throw new VerifyError('report', 'The file is no report: it has no figures or no proof.')
  only(file, ['report', 'figures', 'proof'], 'The report', 'report')
  const covered = canonicalBytes({ report: asObject(file.report, 'report', 'report'), figures: file.figures })
  return {
    kind: 'JSON',
    covered,
    figures: parseFigures(file.figures),
    proof: parseBundle(file.proof),
    displayed: undefined,
  }
}

function readReportPage(html: string): ReportParts {
  const head = `\n${blockHead(PROOF_BLOCK)}`
  const at = html.lastIndexOf(head)
  const tail = `${BLOCK_END}\n`
  if (at < 0 || !html.endsWith(tail))
    throw new VerifyError('report', 'The file is no report: it does not end in a proof block.')
  const covered = html.slice(0, at)
  const proof = readBundle(html.slice(at + head.length, -tail.length))
  const { blocks, displayed } = readPage(covered)
  if (blocks.has(PROOF_BLOCK)) throw new VerifyError('report', 'The file has two proof blocks.')
  const figures = blocks.get(FIGURES_BLOCK)
  if (figures === undefined)
    throw new VerifyError('report', 'The file is no report: it has no list of figures.')
  return {
    kind: 'HTML',
    covered: utf8(covered),
    figures: parseFigures(parseJson(figures, PROOF_LIMITS)),
    proof,
    displayed,
  }
}

/** The proof block has one spelling, so that no byte of it can change unnoticed. */
function readBundle(text: string): ProofBundle {
  const json = parseJson(text, PROOF_LIMITS)
  if (blockText(canonicalJson(json)) !== text)
    throw new VerifyError('report', 'The proof block is not in canonical form.')
  return parseBundle(json)
}

function checkDigest(digest: string, proof: ProofResult): string {
  const reports = proof.evidence.filter(({ predicateType }) => predicateType === REPORT_PREDICATE)
  if (reports.length === 0)
    throw new VerifyError('report', 'No evidence in the file that held says that this report was published.')
  if (!reports.some(({ statement }) => statement.subject.some((subject) => subject.digest.sha256 === digest)))
    throw new VerifyError(
      'report',
      `The file was changed: its covered bytes have the digest ${digest}, which is not the one that was signed.`,
    )
  return digest
}

/** Each figure is displayed, always with its own value and text, and nothing is displayed as a figure that is none. */
async function checkDisplayed(
  checks: Check[],
  figures: readonly Figure[],
  displayed: readonly DisplayedFigure[],
): Promise<void> {
  const listed = new Map(figures.map((figure) => [figure.id, figure]))
  for (const id of new Set([...listed.keys(), ...displayed.map((shown) => shown.id)])) {
    const run = () => {
      const figure = listed.get(id)
      if (figure === undefined)
        throw new VerifyError('figure', `The page shows a figure ${id} that its list does not have.`)
      const text = formatFigure(figure.value, figure.unit)
      const value = canonicalJson(figure.value)
      const shown = displayed.filter((one) => one.id === id)
      if (shown.length === 0) throw new VerifyError('figure', 'The page does not show it.')
      const wrong = shown.find((one) => one.text !== text || one.value !== value)
      if (wrong !== undefined)
        throw new VerifyError(
          'figure',
          `The page shows ${wrong.text} (value ${wrong.value}) where ${text} (value ${value}) belongs.`,
        )
      return text
    }
    await check(checks, `figure ${id}: display`, run, (text) => `Shown as ${text}.`, { figure: id })
  }
}

function verdict(
  checks: Check[],
  proof: ProofResult,
  figures: Figure[],
  options: VerifyOptions,
  bytesChecked: boolean,
): Verdict {
  const held = checks.every(({ ok }) => ok)
  const untrusted = options.inPage === true ? 'consistent' : 'signer-unknown'
  const treeSize = proof.checkpoint?.size ?? 0
  return {
    status: held ? (proof.trusted ? 'verified' : untrusted) : 'failed',
    checks,
    signer: proof.signer,
    origin: proof.checkpoint?.origin,
    treeSize,
    opened: proof.opened,
    unopened: Math.max(0, treeSize - proof.opened),
    cosignatures: proof.cosignatures,
    figures,
    bytesChecked,
  }
}

function failed(checks: Check[]): Verdict {
  return {
    status: 'failed',
    checks,
    signer: '',
    origin: undefined,
    treeSize: 0,
    opened: 0,
    unopened: 0,
    cosignatures: [],
    figures: [],
    bytesChecked: false,
  }
}
