import { Field } from '@avouch/ui'
import { ask } from '../../api.ts'
import type { Verdict } from '../../data.ts'
import { FormDialog } from '../../parts/act.tsx'
import { useMay } from '../../parts/may.ts'
import { Select } from '../../parts/select.tsx'

const KINDS = [
  { value: 'exempt', label: 'It does not apply to this release' },
  { value: 'superseded', label: 'A law now covers what it asks' },
] as const

/** Asks that an obligation does not apply to a release. */
export function Exempt({ verdict: { release, obligations } }: { verdict: Verdict }) {
  const may = useMay()
  const open = obligations.filter(({ status }) => status === 'missing' || status === 'partly')
  if (!may('gate:decide') || open.length === 0) return null
  return (
    <section className="cs-stack" aria-labelledby="exempt">
      <h2 id="exempt" className="cs-side-title">
        Exemptions
      </h2>
      <FormDialog
        trigger="Ask for an exemption"
        title={`Exempt ${release}`}
        says="Two other people read your reason and sign. Until they have, the obligation stands as it is."
        submit="Ask two people"
        act={(form) =>
          ask(`/releases/${encodeURIComponent(release)}/exemptions`, {
            body: Object.fromEntries(['obligation', 'kind', 'reason'].map((name) => [name, form.get(name)])),
          })
        }
        after={() => (
          <p>
            Asked. It waits under <a href="/console/approvals">approvals</a> for two people to sign.
          </p>
        )}
      >
        <Select
          id="exempt-obligation"
          name="obligation"
          label="Obligation"
          options={open.map(({ id, title }) => ({ value: id, label: `${id} ${title}` }))}
        />
        <Select id="exempt-kind" name="kind" label="Because" options={KINDS} />
        <Field id="exempt-reason" name="reason" label="Reason" hint="Kept as evidence." lines={4} required />
      </FormDialog>
    </section>
  )
}
