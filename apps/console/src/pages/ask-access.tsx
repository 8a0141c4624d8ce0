import { Button, Field, PageHead } from '@avouch/ui'
import { useRouter } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { askToRead } from '../access-data.ts'
import { useAct } from '../parts/act.tsx'
import { Problem } from '../parts/asked.tsx'
import { useTitle } from '../parts/title.ts'
import { WantedFields, wantedIn } from './access/wanted.tsx'

/** Asks to read weights; two people of other teams decide. */
export function AskAccess() {
  useTitle('Ask to read weights')
  const router = useRouter()
  const asking = useAct(askToRead, () => router.history.push('/console/access/mine'))
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    asking.mutate({
      ...wantedIn(form),
      purpose: String(form.get('purpose') ?? '').trim(),
      reason: String(form.get('reason') ?? ''),
    })
  }
  return (
    <>
      <PageHead
        title="Ask to read weights"
        crumbs={[{ label: 'Your access', href: '/console/access/mine' }, { label: 'Ask' }]}
      >
        <p>
          Two people of other teams decide. The time begins when the second signs. What you ask is on record,
          also where the policies refuse it at once.
        </p>
      </PageHead>
      <form className="cs-stack cs-measure" onSubmit={submit}>
        <WantedFields units={['minutes', 'hours', 'days']} kept={undefined} />
        <Field
          id="purpose"
          name="purpose"
          label="Purpose"
          hint="One word that the policies know, such as evaluation or deployment."
          required
        />
        <Field
          id="reason"
          name="reason"
          label="Reason"
          hint="In a sentence or two, for those who decide."
          lines={3}
          required
        />
        {asking.error && <Problem error={asking.error} />}
        <div className="cs-acts">
          <Button tone="primary" disabled={asking.isPending}>
            {asking.isPending ? 'One moment…' : 'Ask'}
          </Button>
        </div>
      </form>
    </>
  )
}
