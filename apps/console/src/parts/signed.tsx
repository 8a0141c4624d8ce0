import { Button, Disclosure } from '@avouch/ui'
import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { type Begun, finish } from '../api.ts'
import { useAct } from './act.tsx'
import { Problem } from './asked.tsx'

/** What is signed, as the API begins it. */
export type ToSign = { statement: string }

/** Something begun that is read once more and then signed with a passkey. */
export function ReadAndSign(props: {
  /** A heading of its own, where it takes the place of a form; then the focus goes there. */
  title?: string
  path: string
  begun: Begun<ToSign>
  children?: ReactNode
  done: () => void
  back: () => void
}) {
  const signing = useAct(() => finish(props.path, props.begun), props.done)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className="cs-stack">
      {props.title !== undefined && (
        <h2 ref={heading} tabIndex={-1} className="cs-side-title">
          {props.title}
        </h2>
      )}
      {props.children}
      <Disclosure summary="The exact Statement that you sign">
        <pre className="cs-note">{props.begun.statement}</pre>
      </Disclosure>
      {signing.error && <Problem error={signing.error} />}
      <form
        className="cs-acts"
        onSubmit={(event) => {
          event.preventDefault()
          signing.mutate(undefined)
        }}
      >
        <Button tone="primary" disabled={signing.isPending}>
          {signing.isPending ? 'Waiting for your passkey…' : 'Sign with your passkey'}
        </Button>
        <button type="button" className="av-button" onClick={props.back}>
          Back
        </button>
      </form>
    </div>
  )
}

/** For the form (with `tabIndex={-1}`) that comes back where somebody goes back from signing: the focus goes to it. */
export function useFocusBack(isSigning: boolean): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null)
  const was = useRef(false)
  useEffect(() => {
    if (was.current && !isSigning) form.current?.focus()
    was.current = isSigning
  }, [isSigning])
  return form
}
