import { Button, PageHead } from '@avouch/ui'
import { type Frame, shell } from './shell.tsx'

const titles: Record<number, string> = {
  400: 'This cannot be read',
  401: 'Please sign in',
  403: 'Not allowed',
  404: 'Nothing here',
  429: 'Too many requests',
  500: 'Something went wrong',
}

/** An error as a page: what was wrong, then what to do about it. */
export function problemPage(frame: Frame, status: number, texts: readonly string[]): string {
  const title = titles[status] ?? (status >= 500 ? titles[500] : titles[400]) ?? ''
  return shell(frame, {
    title,
    children: (
      <>
        <PageHead title={title}>
          {texts.map((text) => (
            <p key={text}>{/[.!?]$/.test(text) ? text : `${text}.`}</p>
          ))}
        </PageHead>
        <p className="pt-acts">
          <Button href="/">To the published reports</Button>
        </p>
        <p className="pt-note">Status {status}</p>
      </>
    ),
  })
}
