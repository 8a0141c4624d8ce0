import { createHash } from 'node:crypto'
import type { ProofBundle } from '../src/bundle.ts'
import type { Figure } from '../src/figure.ts'
import { formatFigure } from '../src/figure-text.ts'
import { clusterRate } from '../src/figures/cluster-rate.ts'
import { figureElement } from '../src/html.ts'
import { formatVerifierKey } from '../src/note.ts'
import { REPORT_PREDICATE } from '../src/report.ts'
import { assembleReport, coveredDigest, coveredJsonDigest, figuresBlock } from '../src/report-file.ts'
import { TestLog } from './log.ts'

export const CLUSTERS = [
  [1, 20],
  [4, 20],
  [0, 20],
  [2, 20],
  [3, 20],
] as const

const DOCUMENT = createHash('sha256').update('an outside report').digest('hex')

/** A small whole report, as HTML and as JSON, with every kind of figure; `extra` is put into the page. */
export async function sampleReport(extra = ''): Promise<{
  log: TestLog
  vkey: string
  html: Uint8Array<ArrayBuffer>
  json: Uint8Array<ArrayBuffer>
  bundle: ProofBundle
  figures: Figure[]
}> {
  const log = await TestLog.open()
  const added = await log.certify('added')
  const { value, low, high, level, n, clusters } = clusterRate(CLUSTERS)
  const result = await log.add({
    fields: { title: 'Red-team campaign', errored: 3 },
    sealed: {
      '/rate': { value, low, high, level, n, clusters },
      '/clusters': CLUSTERS,
      '/before': 0.25,
      '/after': 0.125,
      '/change': 0.125,
      '/counts/0': 40,
      '/counts/1': 60,
      '/attempts': 100,
      '/secret': 'kept back',
      '/uplift': 1.4,
      '/lab': 'Example Laboratory',
    },
    withhold: ['/secret'],
    extra: { attachments: [{ name: 'uplift.pdf', mediaType: 'application/pdf', size: 4, sha256: DOCUMENT }] },
  })
  const figure = (
    id: string,
    more: Partial<Figure> & Pick<Figure, 'value' | 'unit' | 'method' | 'inputs'>,
    pointer = `/${id}`,
  ): Figure => ({
    id,
    label: `The ${id} <of> attempts`,
    source: { evidence: result.digest, pointer },
    kind: 'computed',
    recompute: 'See the method.',
    ...more,
  })
  const figures = [
    figure('rate', {
      value,
      unit: 'rate',
      interval: { low, high, level },
      n,
      clusters,
      method: 'cluster-rate/v1',
      inputs: ['/clusters'],
    }),
    figure('change', {
      value: 0.125,
      unit: 'difference',
      method: 'difference/v1',
      inputs: ['/before', '/after'],
    }),
    figure('attempts', { value: 100, unit: 'count', method: 'sum/v1', inputs: ['/counts'] }),
    figure('errored', { value: 3, unit: 'count', method: 'field/v1', inputs: ['/errored'] }),
    figure('uplift', {
      value: 1.4,
      unit: 'score',
      method: 'study',
      inputs: [],
      kind: 'attested',
      attestation: { signer: 'Example Laboratory', document: DOCUMENT },
    }),
  ]
  const shown = figures.map((one) => {
    const element = figureElement({
      id: one.id,
      value: String(one.value),
      text: formatFigure(one.value, one.unit),
    })
    return `<p>${one.id}: ${element}</p>`
  })
  const covered = `<!doctype html>\n<html lang="en"><title>Report</title><style>p{margin:0}</style><body>${shown.join('\n')}
<script>document.title = "<data class=x>"</script>${figuresBlock(figures)}${extra}</body></html>`
  const body = { title: 'Report', release: 'example-model@2.0' }
  const page = await log.add({ type: REPORT_PREDICATE, subject: { sha256: await coveredDigest(covered) } })
  const data = await log.add({
    type: REPORT_PREDICATE,
    subject: { sha256: await coveredJsonDigest({ report: body, figures }) },
  })
  const bundle = await log.bundle([added], [result, page, data])
  const json = new TextEncoder().encode(JSON.stringify({ report: body, figures, proof: bundle }, null, 1))
  return {
    log,
    vkey: formatVerifierKey(log.key),
    html: assembleReport(covered, bundle),
    json,
    bundle,
    figures,
  }
}
