import { Button, Notice, Page, PageHead } from '@avouch/ui'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { sign } from '../api.ts'
import { questions } from '../data.ts'
import { ActButton } from '../parts/act.tsx'
import { useTitle } from '../parts/shell.tsx'

/** Signing in by passkey, or by the company's single sign-on where it is set up. */
export function SignIn() {
  useTitle('Sign in')
  const router = useRouter()
  const queries = useQueryClient()
  const { to } = useSearch({ from: '/sign-in' })
  const methods = useQuery(questions.methods)
  const enter = async () => {
    await sign('/auth/sign-in')
    queries.removeQueries({ queryKey: ['me'] })
    router.history.push(`/console${to ?? '/releases'}`.replace('/console/console', '/console'))
  }
  return (
    <Page home="/console/" narrow>
      <PageHead title="Sign in">
        <p>With the passkey that you enrolled for this installation.</p>
      </PageHead>
      {methods.data?.owner === false && (
        <Notice title="Nobody owns this installation yet">
          <p>
            Open the one-time link that was printed when it started, and enrol a passkey.{' '}
            <code>avouch people owner-link</code> makes a new one.
          </p>
        </Notice>
      )}
      <div className="cs-acts mt-6">
        <ActButton act={enter} tone="primary">
          Sign in with a passkey
        </ActButton>
        {methods.data?.singleSignOn && <Button href="/api/auth/oidc">Single sign-on</Button>}
      </div>
      <p className="cs-small mt-6">
        Lost your passkey, or never had one? An owner can send you an invitation. Reports are public:{' '}
        <a href="/">front page</a>.
      </p>
    </Page>
  )
}
