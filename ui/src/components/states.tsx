import type { ReactNode } from 'react'

/** Something the reader should know before going on. `alert` speaks against something; it does not interrupt. */
export function Notice(props: { title?: ReactNode; tone?: 'plain' | 'alert'; children: ReactNode }) {
  return (
    <div className="av-notice" data-tone={props.tone ?? 'plain'}>
      {props.title !== undefined && <p className="av-state-title">{props.title}</p>}
      {props.children}
    </div>
  )
}

/** Nothing is here yet: says what would be, and how it comes to be. */
export function EmptyState({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div className="av-empty">
      <p className="av-state-title">{title}</p>
      {children}
    </div>
  )
}

/** What went wrong, where, and what to do: the three parts of an `AvouchError`. Announced when it appears. */
export function ErrorState(props: { message: ReactNode; where?: ReactNode; fix?: ReactNode }) {
  return (
    <div className="av-notice" data-tone="alert" role="alert">
      <p className="av-state-title">{props.message}</p>
      {props.where !== undefined && <p>{props.where}</p>}
      {props.fix !== undefined && <p>{props.fix}</p>}
    </div>
  )
}

/** Done of total, with a note beside it ("3 breaches, 2 min left"). Unknown total: a bar without a value. */
export function ProgressBar(props: { label: string; done: number; total?: number; note?: ReactNode }) {
  const { label, done, total, note } = props
  return (
    <div className="av-progress">
      <div className="av-progress-label">
        <span>{label}</span>
        <span>
          {total === undefined ? done : `${done} of ${total}`}
          {note !== undefined && <>, {note}</>}
        </span>
      </div>
      <progress aria-label={label} max={total} value={total === undefined ? undefined : done} />
    </div>
  )
}

/** A part that opens: `<details>`, no script. */
export function Disclosure(props: { summary: ReactNode; open?: boolean; id?: string; children: ReactNode }) {
  return (
    <details className="av-disclosure" open={props.open} id={props.id}>
      <summary>{props.summary}</summary>
      <div>{props.children}</div>
    </details>
  )
}

/** A labelled input with its hint and what is wrong with it, tied together for assistive technology. */
export function Field(props: {
  id: string
  name: string
  label: ReactNode
  type?: 'text' | 'email' | 'url' | 'number' | 'password' | 'file' | 'search'
  hint?: ReactNode
  wrong?: ReactNode
  value?: string
  required?: boolean
  autoComplete?: string
  lines?: number
}) {
  const { id, name, hint, wrong, lines } = props
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ') || undefined
  const shared = {
    id,
    name,
    className: 'av-input',
    required: props.required,
    autoComplete: props.autoComplete,
    defaultValue: props.value,
    'aria-describedby': described,
    'aria-invalid': wrong === undefined ? undefined : true,
  }
  return (
    <div className="av-field">
      <label htmlFor={id}>{props.label}</label>
      {hint !== undefined && (
        <span className="av-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {lines === undefined ? (
        <input {...shared} type={props.type ?? 'text'} />
      ) : (
        <textarea {...shared} rows={lines} />
      )}
      {wrong !== undefined && (
        <span className="av-wrong" id={`${id}-wrong`}>
          {wrong}
        </span>
      )}
    </div>
  )
}

/** A button, or a link that looks like one. One `primary` a page. */
export function Button(props: {
  children: ReactNode
  tone?: 'plain' | 'primary' | 'alert'
  href?: string
  type?: 'submit' | 'button'
  name?: string
  value?: string
  disabled?: boolean
}) {
  const { tone = 'plain', href, children } = props
  return href === undefined ? (
    <button
      className="av-button"
      data-tone={tone}
      type={props.type ?? 'submit'}
      name={props.name}
      value={props.value}
      disabled={props.disabled}
    >
      {children}
    </button>
  ) : (
    <a className="av-button" data-tone={tone} href={href}>
      {children}
    </a>
  )
}
