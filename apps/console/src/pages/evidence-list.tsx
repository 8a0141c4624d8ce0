import { Button, EmptyState, PageHead, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { type Evidence, type Kind, questions } from '../data.ts'
import { Asked } from '../parts/asked.tsx'
import { useKindTitle } from '../parts/evidence-link.tsx'
import { useAddress } from '../parts/paged.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'

const SIZE = 25

/** The evidence explorer: filters and the page are in the address. */
export function EvidenceList() {
  useTitle('Evidence')
  const filter = useSearch({ from: '/inside/evidence' })
  const evidence = useQuery(questions.evidenceList(filter))
  const address = useAddress()
  return (
    <>
      <PageHead title="Evidence">
        <p>Everything that was recorded, newest first. Each piece stands in the log as one leaf.</p>
      </PageHead>
      <Filters key={`${filter.type} ${filter.release}`} {...filter} />
      <Asked of={evidence}>
        {(found) => {
          if (found.length === 0) return <Nothing filtered={Boolean(filter.type ?? filter.release)} />
          const shown = found.slice(0, SIZE)
          return (
            <>
              <Lines records={shown} />
              <nav className="cs-pages" aria-label="Pages of evidence">
                {filter.before !== undefined && <a href={address({ before: undefined })}>Newest</a>}
                {found.length > SIZE && <a href={address({ before: shown.at(-1)?.sequence })}>Older</a>}
              </nav>
            </>
          )
        }}
      </Asked>
    </>
  )
}

function Lines({ records }: { records: Evidence[] }) {
  const title = useKindTitle()
  return (
    <Table
      columns={[
        { label: 'Evidence' },
        { label: 'About' },
        { label: 'State' },
        { label: 'Recorded' },
        { label: 'Leaf', numeric: true },
      ]}
      rows={records.map((record) => ({
        key: record.id,
        cells: [
          <a key="kind" href={`/console/evidence/${record.id}`}>
            {title(record.predicateType)}
            {typeof record.fields.title === 'string' && `: ${record.fields.title}`}
          </a>,
          record.about.release ?? 'the company',
          stateOf(record),
          <Moment key="at" at={record.recordedAt} />,
          record.index ?? 'not yet',
        ],
      }))}
    />
  )
}

function stateOf(record: Evidence): string {
  if (record.retractedBy) return 'retracted'
  if (record.supersededBy) return 'superseded'
  return record.state
}

function Filters({ type, release }: { type?: string; release?: string }) {
  const kinds = useQuery({ ...questions.kinds, staleTime: Number.POSITIVE_INFINITY })
  const releases = useQuery(questions.releases)
  const router = useRouter()
  const address = useAddress()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    router.history.push(
      address({ type: String(form.get('type')), release: String(form.get('release')), before: undefined }),
    )
  }
  return (
    <form className="cs-filters" onSubmit={submit}>
      <div className="av-field">
        <label htmlFor="type">Kind</label>
        <select id="type" name="type" className="av-input" defaultValue={type ?? ''} key={kinds.data?.length}>
          <option value="">All kinds</option>
          {groupsOf(kinds.data ?? []).map(([commitment, group]) => (
            <optgroup key={commitment} label={commitment}>
              {group.map((kind) => (
                <option key={kind.type} value={kind.type}>
                  {kind.title}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </div>
      <div className="av-field">
        <label htmlFor="release">Release</label>
        <select
          id="release"
          name="release"
          className="av-input"
          defaultValue={release ?? ''}
          key={`${releases.data?.length}-releases`}
        >
          <option value="">All releases</option>
          {(releases.data ?? []).map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div className="cs-acts">
        <Button>Filter</Button>
        {(type || release) && <a href="/console/evidence">Clear</a>}
      </div>
    </form>
  )
}

function groupsOf(kinds: Kind[]): [string, Kind[]][] {
  const groups = new Map<string, Kind[]>()
  for (const kind of kinds) {
    const name = kind.commitment?.replaceAll('-', ' ') ?? 'house'
    groups.set(name, [...(groups.get(name) ?? []), kind])
  }
  return [...groups]
}

function Nothing({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <EmptyState title="Nothing of this kind is recorded">
      <p>
        <a href="/console/evidence">Show all evidence</a>
      </p>
    </EmptyState>
  ) : (
    <EmptyState title="Nothing is recorded yet">
      <p>Every act that counts leaves a piece of evidence here.</p>
    </EmptyState>
  )
}
