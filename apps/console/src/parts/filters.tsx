import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { questions } from '../data.ts'
import { useAddress } from './paged.tsx'

/** A choice that stands in the address under `name`; choosing goes there, and back to the first page. */
export function Choice(props: {
  name: string
  label: string
  value: string | undefined
  all: string
  children: ReactNode
}) {
  const router = useRouter()
  const address = useAddress()
  return (
    <div className="av-field">
      <label htmlFor={`filter-${props.name}`}>{props.label}</label>
      <select
        id={`filter-${props.name}`}
        className="av-input"
        value={props.value ?? ''}
        onChange={(event) =>
          router.history.push(
            address({
              [props.name]: event.target.value,
              page: undefined,
              before: undefined,
              after: undefined,
            }),
          )
        }
      >
        <option value="">{props.all}</option>
        {props.children}
      </select>
    </div>
  )
}

/** Only what is about one release. */
export function ReleaseChoice({ release }: { release: string | undefined }) {
  const releases = useQuery(questions.releases)
  const names = new Set([...(releases.data ?? []).map(({ name }) => name), ...(release ? [release] : [])])
  return (
    <Choice name="release" label="Release" value={release} all="All releases">
      {[...names].map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Choice>
  )
}

export function ReleaseFilter({ release }: { release: string | undefined }) {
  return (
    <search className="cs-filters">
      <ReleaseChoice release={release} />
    </search>
  )
}
