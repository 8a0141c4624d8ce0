import { Field } from '@avouch/ui'
import type { Wanted } from '../../access-data.ts'
import { Select } from '../../parts/select.tsx'

const UNITS = { minutes: 60, hours: 3600, days: 86_400 }
type Unit = keyof typeof UNITS

/** What is to be read, where and for how long, in one of these units. */
export function WantedFields({ units, kept }: { units: readonly Unit[]; kept: Wanted | undefined }) {
  const unit = units.findLast((one) => (kept?.seconds ?? 3600) % UNITS[one] === 0) ?? 'minutes'
  return (
    <>
      <Field
        id="model"
        name="model"
        label="Release"
        hint="NAME@VERSION, as it stands sealed."
        value={kept?.model}
        required
      />
      <Field
        id="object"
        name="object"
        label="Only this file of it"
        hint="By its name; left empty, all of them."
        value={kept?.object}
      />
      <Field
        id="segments"
        name="segments"
        label="Only these segments of the file"
        hint="FIRST-LAST, such as 0-9; left empty, the whole file."
        value={kept?.segments?.join('-')}
      />
      <Field
        id="environment"
        name="environment"
        label="Environment"
        hint="Where it is read, in the word that policies use."
        value={kept?.environment}
        required
      />
      <Field
        id="count"
        name="count"
        label="For how long"
        type="number"
        value={kept && String(kept.seconds / UNITS[unit])}
        required
      />
      <Select
        id="unit"
        name="unit"
        label="In"
        options={units.map((value) => ({ value, label: value }))}
        value={unit}
      />
    </>
  )
}

/** What the fields say; segments that are none are left for the server to refuse. */
export function wantedIn(form: FormData): Wanted {
  const text = (name: string): string => String(form.get(name) ?? '').trim()
  const unit = Object.entries(UNITS).find(([name]) => name === text('unit'))?.[1] ?? UNITS.hours
  const [first, last] = text('segments').split('-').map(Number)
  return {
    model: text('model'),
    ...(text('object') !== '' && { object: text('object') }),
    ...(text('segments') !== '' && { segments: [first ?? Number.NaN, last ?? Number.NaN] }),
    environment: text('environment'),
    seconds: Number(text('count')) * unit,
  }
}
