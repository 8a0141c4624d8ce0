import { type ReactNode, useId, useState } from 'react'

/** Something that is shown once: a read-only field, and a button that copies it. */
export function Secret({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  const id = useId()
  const [said, setSaid] = useState('')
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setSaid('Copied.'),
      () => setSaid('This browser did not allow copying: select the text instead.'),
    )
  return (
    <div className="cs-stack">
      <div className="av-field">
        <label htmlFor={id}>{label}</label>
        <input
          id={id}
          className="av-input cs-secret"
          readOnly
          value={value}
          onFocus={(event) => event.target.select()}
        />
      </div>
      <div className="cs-acts">
        <button type="button" className="av-button" onClick={() => void copy()}>
          Copy
        </button>
        <span role="status" className="cs-small">
          {said}
        </span>
      </div>
      <p className="cs-soft">{children}</p>
    </div>
  )
}
