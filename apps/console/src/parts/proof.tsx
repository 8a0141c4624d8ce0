import { Section } from '@avouch/ui'
import { fromBase64, parseEnvelope, parseStatement, utf8, type Verdict, verifyFile } from '@avouch/verify'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api.ts'
import { type Evidence, questions } from '../data.ts'
import { ActButton } from './act.tsx'

type Bundle = { evidence: { envelope: string }[] }

/** The names of the fields that stand openly in the signed Statement; undefined until it is read. */
export function useOpenFields(one: Evidence): ReadonlySet<string> | undefined {
  const bundle = useQuery({
    queryKey: ['proof', one.id],
    queryFn: () => ask<Bundle>(`/evidence/${one.id}/proof`),
    enabled: one.state === 'logged',
    staleTime: Number.POSITIVE_INFINITY,
  })
  for (const { envelope } of bundle.data?.evidence ?? []) {
    const { predicate } = parseStatement(parseEnvelope(fromBase64(envelope)).payload)
    if (predicate.id === one.id) return new Set(Object.keys(predicate.fields))
  }
  return undefined
}

const words: Record<Verdict['status'], string> = {
  verified: 'Verified: every check held, against the key that this installation’s log shows.',
  consistent: 'Consistent: every check held, but no key was at hand.',
  'signer-unknown': 'Signer unknown: every check held, but the key is not the one this log shows.',
  failed: 'Failed: a check did not hold. See below.',
}

/** The proof of one piece of evidence: to save, or to check here and now in this browser. */
export function Proof({ one }: { one: Evidence }) {
  const log = useQuery(questions.log)
  const [verdict, setVerdict] = useState<Verdict>()
  const verify = async () => {
    const bundle = await ask<unknown>(`/evidence/${one.id}/proof?show=all`)
    setVerdict(
      await verifyFile(
        utf8(JSON.stringify(bundle)),
        log.data?.key === undefined ? {} : { trustedKey: log.data.key },
      ),
    )
  }
  if (one.state !== 'logged') return null
  return (
    <Section title="Proof" id="proof">
      <div className="cs-stack">
        <div className="cs-acts">
          <ActButton act={verify}>Verify in this browser</ActButton>
          <a className="av-button" href={`/api/evidence/${one.id}/proof`} download>
            Save the proof, fields closed
          </a>
          <a className="av-button" href={`/api/evidence/${one.id}/proof?show=all`} download>
            Save it with all fields
          </a>
        </div>
        <div role="status">
          {verdict && (
            <p className="avouch-status" data-status={verdict.status}>
              {words[verdict.status]}
            </p>
          )}
        </div>
        {verdict && (
          <>
            <ul className="cs-list cs-small">
              {verdict.checks.map(({ name, ok, detail }) => (
                <li key={`${name}-${detail}`}>
                  {ok ? 'Holds' : 'Fails'}: {name}. {detail}
                </li>
              ))}
            </ul>
            <p className="cs-small">
              Opens {verdict.opened} of {verdict.treeSize} leaves. The key came from this same server: for
              proof against it, check the saved file with a key from elsewhere, by{' '}
              <code>avouch verify FILE --key KEY</code>.
            </p>
          </>
        )}
      </div>
    </Section>
  )
}
