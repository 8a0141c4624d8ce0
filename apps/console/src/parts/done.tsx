import { Notice } from '@avouch/ui'
import { useEffect, useRef } from 'react'

/** Tells that something was done, and takes the focus: the form it was done with is gone. Nothing while `words` is empty. */
export function Done({ words }: { words: string }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (words !== '') place.current?.focus()
  }, [words])
  return (
    <div ref={place} tabIndex={-1} role="status" className={words === '' ? undefined : 'cs-banner'}>
      {words !== '' && <Notice>{words}</Notice>}
    </div>
  )
}
