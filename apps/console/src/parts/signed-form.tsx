import { Button } from '@avouch/ui'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useState } from 'react'
import { begin } from '../api.ts'
import { Problem } from './asked.tsx'
import { ReadAndSign, type ToSign, useFocusBack } from './signed.tsx'

/**
 * A form whose words are read once more and then signed with a passkey, at `path/begin` and `path/finish`. Whoever goes
 * back finds what they wrote. `children` are the fields, given what was written before; `summary` is what is read once
 * more; `done` is where the console goes when it is signed.
 */
export function SignedForm<Draft>(props: {
  path: string
  read: (form: FormData) => Draft
  children: (kept: Draft | undefined) => ReactNode
  summary: (draft: Draft) => ReactNode
  done: string
  tone?: 'primary' | 'alert'
}) {
  const { path, tone = 'primary' } = props
  const router = useRouter()
  const [kept, setKept] = useState<Draft>()
  const prepare = useMutation({ mutationFn: (draft: Draft) => begin<ToSign>(path, draft) })
  const form = useFocusBack(prepare.data !== undefined)
  if (prepare.data && kept !== undefined)
    return (
      <ReadAndSign
        title="Read once more, then sign"
        path={path}
        begun={prepare.data}
        back={prepare.reset}
        done={() => router.history.push(props.done)}
      >
        {props.summary(kept)}
      </ReadAndSign>
    )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const draft = props.read(new FormData(event.currentTarget))
    setKept(() => draft)
    prepare.mutate(draft)
  }
  return (
    <form ref={form} tabIndex={-1} className="cs-stack cs-measure" onSubmit={submit}>
      {props.children(kept)}
      {prepare.error && <Problem error={prepare.error} />}
      <div className="cs-acts">
        <Button tone={tone} disabled={prepare.isPending}>
          {prepare.isPending ? 'One moment…' : 'Read once more and sign'}
        </Button>
      </div>
    </form>
  )
}
