import { useRouterState } from '@tanstack/react-router'

const SIZE = 25

/** The address of this page with some of its search changed; empty values are left out. */
export function useAddress(): (change: Record<string, string | number | undefined>) => string {
  const location = useRouterState({ select: (state) => state.location })
  return (change) => {
    const search = new URLSearchParams(location.searchStr)
    for (const [name, value] of Object.entries(change)) {
      search.delete(name)
      if (value !== undefined && value !== '') search.set(name, String(value))
    }
    const text = search.toString()
    return `/console${location.pathname.replace(/^\/console/, '')}${text === '' ? '' : `?${text}`}`
  }
}

/** The rows of one page, and where the page stands. `page` counts from 1. */
export function pageOf<T>(
  rows: readonly T[],
  page = 1,
): { shown: T[]; page: number; pages: number; total: number } {
  const pages = Math.max(1, Math.ceil(rows.length / SIZE))
  const at = Math.min(Math.max(1, page), pages)
  return { shown: rows.slice((at - 1) * SIZE, at * SIZE), page: at, pages, total: rows.length }
}

/** Links to the pages before and after. Nothing where all rows fit on one. */
export function Pages({
  page,
  pages,
  total,
  name = 'page',
  what,
}: {
  page: number
  pages: number
  total: number
  name?: string
  what: string
}) {
  const address = useAddress()
  if (pages === 1) return null
  return (
    <nav className="cs-pages" aria-label={`Pages of ${what}`}>
      {page > 1 && <a href={address({ [name]: page === 2 ? undefined : page - 1 })}>Previous</a>}
      <span>
        Page {page} of {pages}, {total} {what}
      </span>
      {page < pages && <a href={address({ [name]: page + 1 })}>Next</a>}
    </nav>
  )
}
