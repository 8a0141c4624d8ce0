import { useQuery } from '@tanstack/react-query'
import { accessQuestions } from '../access-data.ts'
import { questions } from '../data.ts'
import { useMay } from './may.ts'

/** Somebody's name where their id is that of an enrolled person and the reader may know; else what was recorded. */
export function PersonName({ id }: { id: string }) {
  const nameOf = useNames()
  if (id === 'command-line') return <>the command line</>
  return <span title={id}>{nameOf(id)}</span>
}

/** The same as text. Whoever decides on access to weights knows whom they decide on, and no more of them. */
export function useNames(): (id: string) => string {
  const may = useMay()
  const readsPeople = may('people:read')
  const people = useQuery({ ...questions.people, enabled: readsPeople })
  const known = useQuery({
    ...accessQuestions.people,
    enabled: !readsPeople && may('weight-security:read'),
  })
  const all = people.data ?? known.data?.people ?? []
  return (id) => all.find((person) => person.id === id)?.name ?? id
}

/** Several, with commas between them. */
export function PersonNames({ ids }: { ids: readonly string[] }) {
  return ids.map((id, i) => (
    <span key={id}>
      {i > 0 && ', '}
      <PersonName id={id} />
    </span>
  ))
}
