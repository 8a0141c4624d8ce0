import { type ProofBundle, parseBundle } from './bundle.ts'
import { fromUtf8, hex, utf8 } from './bytes.ts'
import { canonicalBytes, canonicalJson } from './canonical.ts'
import { VerifyError } from './errors.ts'
import { type Figure, parseFigures } from './figure.ts'
import { sha256 } from './hash.ts'
import { BLOCK_END, blockHead, blockText, type DisplayedFigure, jsonBlock, readPage } from './html.ts'
import { asObject, type JsonLimits, only, parseJson } from './json.ts'

/** The ids of a report page's two blocks. */
export const FIGURES_BLOCK = 'avouch-figures'
export const PROOF_BLOCK = 'avouch-proof'

/** Bytes of a file at most. */
export const MAX_FILE = 67_108_864
/** How much JSON a report or a proof may hold. */
export const FILE_LIMITS: JsonLimits = { bytes: MAX_FILE, depth: 64, values: 4_000_000 }

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

/** A report file taken apart; nothing in it is checked yet. `displayed` is undefined for `report.json`. */
export type ReportParts = {
  kind: 'HTML' | 'JSON'
  covered: Uint8Array
  figures: Figure[]
  proof: ProofBundle
  displayed: DisplayedFigure[] | undefined
}

/** Takes a report file apart. Throws `report`, `figure`, `bundle`, `input` or `limit`. */
export function readReport(bytes: Uint8Array): ReportParts {
  if (bytes.length > MAX_FILE) throw new VerifyError('limit', `The file is larger than ${MAX_FILE} bytes.`)
  return bytes[0] === 0x7b ? readReportJson(bytes) : readReportPage(fromUtf8(bytes))
}

function readReportJson(bytes: Uint8Array): ReportParts {
  const file = asObject(parseJson(bytes, { ...FILE_LIMITS, canonical: true }), 'The file')
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
    figures: parseFigures(parseJson(figures, FILE_LIMITS)),
    proof,
    displayed,
  }
}

/** Reads a proof block. It has one spelling, so that no byte of it can change unnoticed. Throws `report` or as `parseBundle`. */
export function readBundle(text: string): ProofBundle {
  const json = parseJson(text, FILE_LIMITS)
  if (blockText(canonicalJson(json)) !== text)
    throw new VerifyError('report', 'The proof block is not in canonical form.')
  return parseBundle(json)
}
