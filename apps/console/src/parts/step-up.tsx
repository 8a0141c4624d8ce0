import { Button } from '@avouch/ui'
import { useMutation } from '@tanstack/react-query'
import { Dialog } from 'radix-ui'
import { useEffect, useState } from 'react'
import { ApiError, sign } from '../api.ts'
import { Problem } from './asked.tsx'

type Wait = { confirmed: () => void; refused: (error: ApiError) => void }
let prompt: ((wait: Wait) => void) | undefined

/** Does what asks for a passkey used lately; where it was not, asks the person for it and does it again. */
export async function stepUp<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof ApiError) || error.where !== 'step-up' || !prompt) throw error
    const ask = prompt
    await new Promise<void>((confirmed, refused) => ask({ confirmed, refused }))
    return act()
  }
}

/** The question that `stepUp` asks. Stands once, in the frame of every page. */
export function StepUp() {
  const [wait, setWait] = useState<Wait>()
  const mutation = useMutation({
    mutationFn: () => sign('/auth/step-up'),
    onSuccess: () => {
      wait?.confirmed()
      setWait(undefined)
    },
  })
  useEffect(() => {
    prompt = (next) => {
      mutation.reset()
      setWait(next)
    }
    return () => {
      prompt = undefined
    }
  }, [mutation.reset])
  const close = () => {
    wait?.refused(
      new ApiError(0, {
        code: 'passkey',
        message: 'Nothing was done: you did not confirm that it is you',
        fix: 'Try again when your passkey is at hand.',
      }),
    )
    setWait(undefined)
  }
  return (
    <Dialog.Root open={wait !== undefined} onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="cs-overlay" />
        <Dialog.Content className="cs-dialog">
          <Dialog.Title>Confirm that it is you</Dialog.Title>
          <Dialog.Description className="cs-soft">
            This needs a passkey used within the last five minutes.
          </Dialog.Description>
          {mutation.error && <Problem error={mutation.error} />}
          <form
            className="cs-acts"
            onSubmit={(event) => {
              event.preventDefault()
              mutation.mutate()
            }}
          >
            <Button tone="primary" disabled={mutation.isPending}>
              {mutation.isPending ? 'Waiting for your passkey…' : 'Use your passkey'}
            </Button>
            <Dialog.Close className="av-button">Cancel</Dialog.Close>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
