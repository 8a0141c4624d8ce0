import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext } from 'react'
import { type Evidence, questions } from '../data.ts'
import { useMay } from './may.ts'

const Known = createContext<ReadonlyMap<string, Evidence> | undefined>(new Map())

/** Reads a release's evidence once, so that the links within need not ask one by one. */
export function EvidenceOf({ release, children }: { release: string; children: ReactNode }) {
  const may = useMay()
  const { data, isPending } = useQuery({
    ...questions.evidenceOf(release),
    enabled: may('evidence:read'),
  })
  const known = isPending ? undefined : new Map(data?.map((record) => [record.id, record]))
  return <Known value={known}>{children}</Known>
}

/** A link to a piece of evidence, named by its kind and leaf once they are known. */
export function EvidenceLink({ id }: { id: string }) {
  const may = useMay()
  const known = useContext(Known)
  const title = useKindTitle()
  const asked = useQuery({
    ...questions.evidence(id),
    enabled: known !== undefined && !known.has(id) && may('evidence:read'),
  })
  const record = known?.get(id) ?? asked.data
  const inside = (
    <>
      {record ? title(record.predicateType) : 'Evidence'}{' '}
      <code>{record?.index === undefined ? `…${id.slice(-6)}` : `leaf ${record.index}`}</code>
    </>
  )
  return may('evidence:read') ? (
    <a className="av-chip" href={`/console/evidence/${id}`} title={id}>
      {inside}
    </a>
  ) : (
    <span className="av-chip" title={id}>
      {inside}
    </span>
  )
}

/** Names a predicate type in words: "Red-teaming campaign". */
export function useKindTitle(): (type: string) => string {
  const may = useMay()
  const { data } = useQuery({
    ...questions.kinds,
    staleTime: Number.POSITIVE_INFINITY,
    enabled: may('evidence:read'),
  })
  return (type) =>
    data?.find((kind) => kind.type === type)?.title ?? type.replace('https://avouch.dev/evidence/', '')
}
