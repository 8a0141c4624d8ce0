import { Button, EmptyState, Notice, StatusIcon } from '@avouch/ui'
import { type Verdict, verifyFile } from '@avouch/verify'
import { useMutation } from '@tanstack/react-query'
import { ApiError, ask } from '../../api.ts'
import type { Evidence } from '../../data.ts'
import { Problem } from '../../parts/asked.tsx'

/** The proof to take away, and the same check as `avouch verify` in this browser. */
export function VerifyHere({ record }: { record: Evidence }) {
  const mutation = useMutation({
    mutationFn: async (key: string) => {
      const bundle = await ask<unknown>(`/evidence/${record.id}/proof?show=all`)
      const bytes = new TextEncoder().encode(JSON.stringify(bundle))
      try {
        return await verifyFile(bytes, key === '' ? {} : { trustedKey: key })
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw new ApiError(0, { code: 'verify', message: why, fix: 'Open the console over https.' })
      }
    },
  })
  if (record.index === undefined)
    return (
      <EmptyState title="No proof yet">
        <p>It was accepted and will take its place in the log within a second or two.</p>
      </EmptyState>
    )
  return (
    <div className="cs-stack">
      <p className="cs-soft">
        This browser checks the signatures, the fields against the Statement, and the way from the leaf to the
        signed checkpoint. It takes nobody’s word for it.
      </p>
      <form
        className="cs-stack"
        onSubmit={(event) => {
          event.preventDefault()
          mutation.mutate(String(new FormData(event.currentTarget).get('key')).trim())
        }}
      >
        <div className="av-field cs-measure">
          <label htmlFor="key">Key of the log, from elsewhere</label>
          <span className="av-hint" id="key-hint">
            Optional. Only a key you did not get from this server can tell whose log it is.
          </span>
          <input
            id="key"
            name="key"
            className="av-input"
            aria-describedby="key-hint"
            autoComplete="off"
            spellCheck={false}
          />
        </div>
        <div className="cs-acts">
          <Button tone="primary" disabled={mutation.isPending}>
            {mutation.isPending ? 'Checking…' : 'Verify in this browser'}
          </Button>
          <a className="av-button" href={`/api/evidence/${record.id}/proof`} download={`${record.id}.json`}>
            Download the proof
          </a>
          <a
            className="av-button"
            href={`/api/evidence/${record.id}/proof?show=all`}
            download={`${record.id}-open.json`}
          >
            Download with all fields
          </a>
        </div>
      </form>
      <div aria-live="polite">{mutation.data && <Checked verdict={mutation.data} />}</div>
      {mutation.error && <Problem error={mutation.error} />}
    </div>
  )
}

const sentences: Record<Verdict['status'], string> = {
  verified: 'Verified with the key you gave',
  consistent: 'Consistent',
  'signer-unknown': 'Every check holds; whose key signed it only a key from elsewhere can tell',
  failed: 'It does not hold',
}

function Checked({ verdict }: { verdict: Verdict }) {
  return (
    <div className="cs-stack">
      <Notice tone={verdict.status === 'failed' ? 'alert' : 'plain'} title={sentences[verdict.status]}>
        <p>
          Of {verdict.treeSize} leaves in {verdict.origin ?? 'the log'} this proof opens {verdict.opened}.
        </p>
      </Notice>
      <ul className="cs-plain cs-checks" aria-label="Every check">
        {verdict.checks.map((check, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order of checks is theirs for good
          <li key={`${check.name} ${at}`} data-status={check.ok ? 'met' : 'missing'}>
            <span className="av-status">
              <StatusIcon status={check.ok ? 'met' : 'missing'} />
              {check.ok ? 'Holds' : 'Fails'}
            </span>
            <span>
              <b>{check.name}</b>: {check.detail}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
