import { Digest, EmptyState, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { questions } from '../../data.ts'

const kinds: Record<string, string> = {
  person: 'A person, by passkey',
  evidence: 'This installation’s evidence key',
  log: 'The log',
}

/** Who signed it, by key; the log certifies what kind of key each is. */
export function Signers({ keyids }: { keyids: string[] }) {
  const keys = useQuery(questions.keysOfLog)
  if (keyids.length === 0)
    return (
      <EmptyState title="Not signed yet">
        <p>It is signed when it takes its place in the log, within a second or two.</p>
      </EmptyState>
    )
  const kindOf = (keyid: string) => {
    const record = keys.data?.find(({ fields }) => fields.keyid === keyid)
    return record ? (kinds[String(record.fields.kind)] ?? String(record.fields.kind)) : 'A key of the log'
  }
  return (
    <Table
      columns={[{ label: 'Signer' }, { label: 'Key id' }]}
      rows={keyids.map((keyid) => ({
        key: keyid,
        cells: [kindOf(keyid), <Digest key="id">{keyid}</Digest>],
      }))}
    />
  )
}
