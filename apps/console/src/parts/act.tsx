import { Button } from '@avouch/ui'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Dialog } from 'radix-ui'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Problem } from './asked.tsx'

/** Does something and makes what it changes stale: everything, for evidence reaches far. */
export function useAct<Given, Answer>(
  act: (given: Given) => Promise<Answer>,
  done?: (answer: Answer) => void,
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: async (answer) => {
      done?.(answer)
      await queries.invalidateQueries()
    },
  })
}

/** A button that acts at once, with what went wrong beside it. */
export function ActButton(props: {
  children: ReactNode
  act: () => Promise<unknown>
  tone?: 'plain' | 'primary' | 'alert'
  done?: string
  /** What the button is called where its words alone would not tell it from others. */
  label?: string
}) {
  const mutation = useAct(props.act)
  return (
    <div className="cs-acts">
      <button
        className="av-button"
        data-tone={props.tone ?? 'plain'}
        type="button"
        aria-label={props.label}
        disabled={mutation.isPending}
        onClick={() => mutation.mutate(undefined)}
      >
        {mutation.isPending ? 'One moment…' : props.children}
      </button>
      <span role="status" className="cs-small">
        {mutation.isSuccess && props.done}
      </span>
      {mutation.error && <Problem error={mutation.error} />}
    </div>
  )
}

/** A dialog with one form. `act` gets the form's fields; the dialog closes when it is done. */
export function FormDialog<Answer = unknown>(props: {
  trigger: string
  title: string
  says: ReactNode
  submit: string
  tone?: 'plain' | 'primary' | 'alert'
  /** What the trigger is called where its words alone would not tell it from others. */
  label?: string
  act: (form: FormData) => Promise<Answer>
  /** What stands in the dialog after it was done, instead of closing. */
  after?: (answer: Answer) => ReactNode
  children?: ReactNode
}) {
  const [open, setOpen] = useState(false)
  const mutation = useAct(props.act, () => {
    if (!props.after) setOpen(false)
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    mutation.mutate(new FormData(event.currentTarget))
  }
  const change = (next: boolean) => {
    setOpen(next)
    if (next) mutation.reset()
  }
  return (
    <Dialog.Root open={open} onOpenChange={change}>
      <Dialog.Trigger className="av-button" data-tone={props.tone ?? 'plain'} aria-label={props.label}>
        {props.trigger}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="cs-overlay" />
        <Dialog.Content className="cs-dialog">
          <Dialog.Title>{props.title}</Dialog.Title>
          <Dialog.Description asChild>
            <div className="cs-soft">{props.says}</div>
          </Dialog.Description>
          {mutation.isSuccess && props.after ? (
            <>
              {props.after(mutation.data)}
              <Dialog.Close className="av-button">Close</Dialog.Close>
            </>
          ) : (
            <form className="cs-stack" onSubmit={submit}>
              {props.children}
              {mutation.error && <Problem error={mutation.error} />}
              <div className="cs-acts">
                <Button tone={props.tone === 'alert' ? 'alert' : 'primary'} disabled={mutation.isPending}>
                  {mutation.isPending ? 'One moment…' : props.submit}
                </Button>
                <Dialog.Close className="av-button">Cancel</Dialog.Close>
              </div>
            </form>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
