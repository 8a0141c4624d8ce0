import { hex } from './bytes.ts'
import { canonicalJson } from './canonical.ts'
import { type Check, check } from './check.ts'
import { VerifyError } from './errors.ts'
import { type Figure, parseFigures } from './figure.ts'
import { checkFigures } from './figure-check.ts'
import { formatFigure } from './figure-text.ts'
import { sha256 } from './hash.ts'
import type { DisplayedFigure } from './html.ts'
import { parseJson } from './json.ts'
import { type ProofResult, verifyBundle } from './proof.ts'
import { FILE_LIMITS, readBundle, readReport } from './report-file.ts'
import { unreadable, type Verdict, type VerifyOptions, verdictOf } from './verdict.ts'

/** The predicate whose subject is a published report, by the digest of its covered bytes. */
export const REPORT_PREDICATE = 'https://avouch.dev/evidence/public-reporting/report/v1'

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
  if (parts === undefined) return unreadable(checks)
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
  return verdictOf(checks, proof, parts.figures, options, true)
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
    figures: parseFigures(parseJson(page.figures, FILE_LIMITS)),
    bundle: readBundle(page.proof),
  })
  const parts = await check(
    checks,
    'page',
    read,
    ({ figures }) => `A report page with ${figures.length} figures.`,
  )
  if (parts === undefined) return unreadable(checks)
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
  return verdictOf(checks, proof, parts.figures, { inPage: true, ...options }, false)
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
  const shownAs = Map.groupBy(displayed, ({ id }) => id)
  for (const id of new Set([...listed.keys(), ...shownAs.keys()])) {
    const run = () => {
      const figure = listed.get(id)
      if (figure === undefined)
        throw new VerifyError('figure', `The page shows a figure ${id} that its list does not have.`)
      const text = formatFigure(figure.value, figure.unit)
      const value = canonicalJson(figure.value)
      const shown = shownAs.get(id) ?? []
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
