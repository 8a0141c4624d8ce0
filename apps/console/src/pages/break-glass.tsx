import { Field, KeyValues, Notice, PageHead } from '@avouch/ui'
import type { Wanted } from '../access-data.ts'
import { SignedForm } from '../parts/signed-form.tsx'
import { useTitle } from '../parts/title.ts'
import { spanInWords } from '../weights-data.ts'
import { WantedFields, wantedIn } from './access/wanted.tsx'

type Emergency = Wanted & { emergency: string }
const PATH = '/weight-security/break-glass'

/** Reads weights alone in an emergency, signed; everyone who could have approved is told at once. */
export function BreakGlass() {
  useTitle('Break the glass')
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
        <SignedForm<Emergency>
          path={PATH}
          read={(form) => ({ ...wantedIn(form), emergency: String(form.get('emergency') ?? '') })}
          done="/console/access/mine"
          tone="alert"
          summary={(kept) => (
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
          )}
        >
          {(kept) => (
            <>
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
            </>
          )}
        </SignedForm>
      </div>
    </>
  )
}
