import { Digest, KeyValues } from '@avouch/ui'
import type { Verdict } from '../../data.ts'
import { Moment } from '../../parts/time.tsx'

/** What the verdict was made from, so that anyone can ask for the same one again. */
export function GateBasis({ verdict }: { verdict: Verdict }) {
  const { basis } = verdict
  return (
    <KeyValues
      pairs={[
        { term: 'Asked', value: <Moment at={basis.moment} /> },
        { term: 'Log', value: basis.origin },
        { term: 'Leaves', value: `${basis.treeSize} in the log` },
        {
          term: 'Looked at',
          value: `${basis.opened} opened, ${basis.unopened} unopened: proofs show that evidence is in the log, not that nothing else is`,
        },
        { term: 'Catalogue of obligations', value: <Digest>{basis.catalogue}</Digest> },
        {
          term: 'Thresholds file',
          value: basis.thresholds === null ? 'none adopted' : <Digest>{basis.thresholds}</Digest>,
        },
      ]}
    />
  )
}
