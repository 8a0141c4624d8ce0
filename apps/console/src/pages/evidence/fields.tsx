import { EmptyState } from '@avouch/ui'
import { parseStatement } from '@avouch/verify'
import { useQuery } from '@tanstack/react-query'
import { type Evidence, type Proof, questions } from '../../data.ts'
import { Seal } from './seal.tsx'

/** The fields, each marked as open (in the clear in the Statement) or sealed (only its commitment is). */
export function Fields({ record }: { record: Evidence }) {
  const proof = useQuery({ ...questions.proof(record.id), enabled: record.index !== undefined })
  const names = Object.keys(record.fields)
  if (names.length === 0)
    return <EmptyState title={record.state === 'erased' ? 'The fields were erased' : 'It has no fields'} />
  const open = proof.data && openFields(proof.data)
  return (
    <dl className="cs-fields">
      {names.map((name) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
            {open && <Seal open={open.has(name)} />}
          </dt>
          <dd>
            <Value value={record.fields[name]} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Value({ value }: { value: unknown }) {
  if (typeof value === 'string') return <span className="cs-text">{value}</span>
  if (typeof value !== 'object' || value === null) return <code>{String(value)}</code>
  const line = inLine(value)
  if (line !== undefined) return <span>{line}</span>
  const text = JSON.stringify(value, null, 2)
  if (text.length < 300) return <pre className="cs-note">{text}</pre>
  const count = Array.isArray(value) ? `${value.length} entries` : `${Object.keys(value).length} members`
  return (
    <details>
      <summary>{count}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it */}
      <pre className="cs-note cs-tall" tabIndex={0}>
        {text}
      </pre>
    </details>
  )
}

/** What is short and flat, in one line: a list of words, or names with their values. */
function inLine(value: object): string | undefined {
  const entries = Object.entries(value)
  if (entries.length === 0) return 'none'
  if (entries.length > 12 || entries.some(([, part]) => typeof part === 'object' && part !== null))
    return undefined
  return entries.map(([name, part]) => (Array.isArray(value) ? `${part}` : `${name}: ${part}`)).join(', ')
}

/** Names of the fields that stand in the clear in the signed Statement. */
function openFields({ evidence }: Proof): Set<string> | undefined {
  const [piece] = evidence
  if (!piece) return undefined
  const envelope: { payload: string } = JSON.parse(atob(piece.envelope))
  const bytes = Uint8Array.from(atob(envelope.payload), (sign) => sign.charCodeAt(0))
  return new Set(Object.keys(parseStatement(bytes).predicate.fields))
}
