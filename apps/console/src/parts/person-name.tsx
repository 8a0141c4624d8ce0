import { useQuery } from '@tanstack/react-query'
import { questions } from '../data.ts'
import { useMay } from './may.ts'

/** Somebody's name where their id is that of an enrolled person and the reader may know; else what was recorded. */
export function PersonName({ id }: { id: string }) {
  const may = useMay()
  const people = useQuery({ ...questions.people, enabled: may('people:read') })
  if (id === 'command-line') return <>the command line</>
  return <span title={id}>{people.data?.find((person) => person.id === id)?.name ?? id}</span>
}
