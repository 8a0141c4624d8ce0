import { Button, Field, KeyValues, Notice, PageHead } from '@avouch/ui'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Wanted } from '../access-data.ts'
import { begin } from '../api.ts'
import { Problem } from '../parts/asked.tsx'
import { ReadAndSign, type ToSign, useFocusBack } from '../parts/signed.tsx'
import { useTitle } from '../parts/title.ts'
import { spanInWords } from '../weights-data.ts'
import { WantedFields, wantedIn } from './access/wanted.tsx'

type Emergency = Wanted & { emergency: string }
const PATH = '/weight-security/break-glass'

/** Reads weights alone in an emergency, signed; everyone who could have approved is told at once. */
export function BreakGlass() {
  useTitle('Break the glass')
  const router = useRouter()
  const [kept, setKept] = useState<Emergency>()
  const prepare = useMutation({ mutationFn: (emergency: Emergency) => begin<ToSign>(PATH, emergency) })
  const form = useFocusBack(prepare.data !== undefined)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const emergency = { ...wantedIn(given), emergency: String(given.get('emergency') ?? '') }
    setKept(emergency)
    prepare.mutate(emergency)
  }
  return (
    <>
      <PageHead
        title="Break the glass"
        crumbs={[{ label: 'Your access', href: '/console/access/mine' }, { label: 'Break the glass' }]}
      />
      <div className="cs-stack">
        <Notice tone="alert" title="Only where there is no time to ask two others">
          <p>
            It is for whoever is on call, and brief. Everyone who approves is told at once, it stands on every
            page, and somebody of another team has to review it. It ends with this session.
          </p>
        </Notice>
        {prepare.data && kept ? (
          <ReadAndSign
            title="Read once more, then sign"
            path={PATH}
            begun={prepare.data}
            back={prepare.reset}
            done={() => router.history.push('/console/access/mine')}
          >
            <KeyValues
              pairs={[
                { term: 'Release', value: kept.model },
                { term: 'File', value: kept.object ?? 'all of them' },
                { term: 'Segments', value: kept.segments?.join(' to ') ?? 'all of them' },
                { term: 'Environment', value: kept.environment },
                { term: 'For', value: spanInWords(kept.seconds) },
                { term: 'Emergency', value: <span className="cs-text">{kept.emergency}</span> },
              ]}
            />
          </ReadAndSign>
        ) : (
          <form ref={form} tabIndex={-1} className="cs-stack cs-measure" onSubmit={submit}>
            <WantedFields units={['minutes', 'hours']} kept={kept} />
            <Field
              id="emergency"
              name="emergency"
              label="The emergency"
              hint="What happened, and why it cannot wait. At least twenty characters."
              lines={4}
              value={kept?.emergency}
              required
            />
            {prepare.error && <Problem error={prepare.error} />}
            <div className="cs-acts">
              <Button tone="alert" disabled={prepare.isPending}>
                {prepare.isPending ? 'One moment…' : 'Read once more and sign'}
              </Button>
            </div>
          </form>
        )}
      </div>
    </>
  )
}
