import { useEffect } from 'react'

/** The page's title in the window. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Avouch console`
  }, [title])
}
