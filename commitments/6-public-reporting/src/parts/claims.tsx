import { Chart, Digest, EmptyState, EvidenceChip, IntervalTable, Table } from '@avouch/ui'
import { rateChart } from '@avouch/ui/charts'
import { formatFigure } from '@avouch/verify'
import type { ReactNode } from 'react'
import { figuresIn } from '../prose.ts'
import type { ReportClaim, ReportPlot, ReportSection, ReportTable, WithheldPart } from '../report.ts'
import { listing } from '../words.ts'
import { Mention, Prose } from './prose.tsx'
import type { Setting } from './setting.ts'

/** One section of the report with its claims, or the plain word that there is nothing. */
export function ClaimSection(props: {
  section: ReportSection
  setting: Setting
  document: Document
  /** What stands before the claims whatever they say, such as the gate's own list of findings. */
  children?: ReactNode
}) {
  const { section, setting, document, children } = props
  return (
    <section
      id={section.id}
      className="rp-section"
      aria-labelledby={`${section.id}-title`}
      data-section={section.id}
    >
      <h2 id={`${section.id}-title`}>{section.title}</h2>
      <p className="rp-about">{section.about}</p>
      {children}
      {section.claims.length === 0 && !children ? (
        <EmptyState title="Nothing is recorded">
          <p>
            No claim is made here{answered(section, setting)}. What is not shown was not tested, or is not yet
            recorded.
          </p>
        </EmptyState>
      ) : (
        section.claims.map((claim) => (
          <ClaimPart key={claim.id} claim={claim} setting={setting} document={document} />
        ))
      )}
    </section>
  )
}

function answered({ answers }: ReportSection, { report }: Setting): string {
  const open = answers.filter((id) => !report.cites.includes(id))
  return open.length === 0 ? '' : `, so ${listing(open)} is not answered by this report`
}

function ClaimPart({
  claim,
  setting,
  document,
}: {
  claim: ReportClaim
  setting: Setting
  document: Document
}) {
  const shown = new Set([
    ...claim.prose.flatMap(figuresIn),
    ...claim.tables.flatMap((table) => table.rows.flatMap((row) => row.cells)),
  ])
  const rest = claim.figures.filter((id) => !shown.has(id))
  return (
    <article className="rp-claim" id={claim.id} aria-labelledby={`${claim.id}-title`}>
      <h3 id={`${claim.id}-title`}>
        <Prose pieces={claim.title} setting={setting} />
      </h3>
      <div className="rp-prose">
        {claim.prose.map((pieces) => (
          <p key={setting.plain(pieces)}>
            <Prose pieces={pieces} setting={setting} />
          </p>
        ))}
      </div>
      {claim.plots.map((plot) => (
        <Plot key={plot.id} plot={plot} setting={setting} document={document} />
      ))}
      {claim.tables.map((table) => (
        <FigureTable key={setting.plain(table.caption)} table={table} setting={setting} />
      ))}
      {rest.length > 0 && <FigureList ids={rest} setting={setting} />}
      {withheldGroups(claim).map((parts) => (
        <Withheld key={parts.map(({ pointer }) => pointer).join()} parts={parts} setting={setting} />
      ))}
      <p className="rp-serves">
        {claim.serves.length > 0 && (
          <span>
            Serves{' '}
            {claim.serves.map((id, at) => (
              <span key={id}>
                {at > 0 && ', '}
                <a href={`#obligation-${id}`}>{id}</a>
              </span>
            ))}
          </span>
        )}
        {claim.evidence.map(({ record }) => (
          <EvidenceChip key={record.digest} digest={record.digest} label="Evidence" />
        ))}
      </p>
    </article>
  )
}

function Plot({ plot, setting, document }: { plot: ReportPlot; setting: Setting; document: Document }) {
  const point = (id: string) => {
    const { value, interval } = setting.figure(id)
    return { value, ...(interval && { low: interval.low, high: interval.high }) }
  }
  const chart = {
    id: plot.id,
    title: setting.plain(plot.caption),
    alt: setting.plain(plot.alt),
    unit: plot.unit,
    rows: plot.rows.map(({ label, figure, compare }) => ({
      label: setting.plain(label),
      ...point(figure),
      ...(compare !== undefined && { compare: point(compare) }),
    })),
  }
  return (
    <Chart
      caption={<Prose pieces={plot.caption} setting={setting} />}
      drawn={{ wide: rateChart(chart, 'wide', document), narrow: rateChart(chart, 'narrow', document) }}
    />
  )
}

function FigureTable({ table, setting }: { table: ReportTable; setting: Setting }) {
  return (
    <Table
      caption={<Prose pieces={table.caption} setting={setting} />}
      columns={table.columns.map((column, at) => ({ label: setting.plain(column), numeric: at > 0 }))}
      rows={table.rows.map((row) => ({
        key: setting.plain(row.label),
        cells: [
          <Prose key="label" pieces={row.label} setting={setting} />,
          ...row.cells.map((id) =>
            id === '' ? 'not tested' : <Mention key={id} id={id} setting={setting} />,
          ),
        ],
      }))}
    />
  )
}

function FigureList({ ids, setting }: { ids: readonly string[]; setting: Setting }) {
  return (
    <IntervalTable
      caption="Figures of this part, each with its interval where it has one."
      rows={ids.map((id) => {
        const { label, n } = setting.figure(id)
        return {
          key: id,
          label: label.replaceAll('`', ''),
          value: <Mention id={id} setting={setting} bare />,
          interval: setting.interval(id),
          n: n === undefined ? undefined : formatFigure(n, 'count'),
        }
      })}
    />
  )
}

/** Parts of one piece of evidence that are kept back for one reason, together. */
function withheldGroups(claim: ReportClaim): WithheldPart[][] {
  const groups = new Map<string, WithheldPart[]>()
  for (const part of claim.withheld) {
    const key = `${part.evidence.digest} ${JSON.stringify(part.reason)}`
    groups.set(key, [...(groups.get(key) ?? []), part])
  }
  return [...groups.values()]
}

/** What is kept back, shown as kept back: hatched where text would stand, with the hash that binds each part. */
function Withheld({ parts, setting }: { parts: readonly WithheldPart[]; setting: Setting }) {
  const [first] = parts
  if (!first) return null
  return (
    <div className="rp-withheld" role="note">
      <p>
        <span className="rp-withheld-word">Withheld</span> <Prose pieces={first.reason} setting={setting} />
      </p>
      <ul>
        {parts.map((part) => (
          <li key={part.pointer}>
            <span>
              <Prose pieces={part.title} setting={setting} />
            </span>
            {part.commitment ? <Digest>{part.commitment}</Digest> : 'part of its evidence'}
          </li>
        ))}
      </ul>
      <p className="rp-withheld-source">
        Salted hashes in evidence <Digest>{first.evidence.digest}</Digest>
      </p>
    </div>
  )
}
