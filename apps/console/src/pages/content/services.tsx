import { Section, Table } from '@avouch/ui'
import type { MarkingService } from '../../content-data.ts'
import { EvidenceLink } from '../../parts/evidence-link.tsx'
import { Moment } from '../../parts/time.tsx'

/** Every service, how much it marked since it began, and of how much a layer is missing. */
export function Services({ services }: { services: readonly MarkingService[] }) {
  return (
    <Section title="Services" id="services">
      <Table
        columns={[
          { label: 'Service' },
          { label: 'Number', numeric: true },
          { label: 'Marked', numeric: true },
          { label: 'Without watermark', numeric: true },
          { label: 'Without manifest', numeric: true },
          { label: 'Not in evidence yet', numeric: true },
          { label: 'Latest' },
          { label: 'How it marks' },
        ]}
        rows={services.map((one) => ({
          key: String(one.number),
          cells: [
            `${one.service}/${one.model}`,
            one.number,
            amount(one.marked),
            missing(one.marked - one.watermark),
            missing(one.marked - one.manifest),
            amount(one.uncounted),
            one.latest ? <Moment key="latest" at={one.latest} /> : 'never',
            one.evidence ? <EvidenceLink key="evidence" id={one.evidence} /> : 'not recorded',
          ],
        }))}
      />
      <p className="cs-small">
        What has no watermark loses its mark with its manifest. Kinds of files that C2PA has no place in have
        no manifest, nor has anything marked while there was no certificate.
      </p>
    </Section>
  )
}

/** A number as people read it. */
export function amount(n: number): string {
  return n.toLocaleString('en-GB')
}

/** How many lack something; any stand out. */
export function missing(n: number) {
  return n === 0 ? '0' : <b className="cs-alert">{amount(n)}</b>
}
