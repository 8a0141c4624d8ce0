import { Page } from '@avouch/ui'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { type MouseEvent, useEffect } from 'react'
import { ask } from '../api.ts'
import { questions } from '../data.ts'
import { BrokenGlassBanner } from './broken-glass.tsx'
import { useLiveChanges } from './live.ts'
import { useMay } from './may.ts'
import { placesFor } from './places.ts'
import { StepUp } from './step-up.tsx'

const BASE = '/console'

/** The frame of every page inside: navigation, who is signed in, and links that do not reload. */
export function Shell() {
  const router = useRouter()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const here = path.startsWith(BASE) ? path.slice(BASE.length) : path
  const me = useQuery(questions.me)
  const queries = useQueryClient()
  const may = useMay()
  useLiveChanges(may('campaign:read'))
  // A new page starts at its top: whoever reads by screen reader is told of it. The link that led here may be gone with
  // the page before, and the focus with it; the first page a browser loads is left to the browser.
  useEffect(
    () =>
      router.subscribe('onResolved', ({ pathChanged, fromLocation }) => {
        if (pathChanged && fromLocation !== undefined)
          document.getElementById('main')?.focus({ preventScroll: true })
      }),
    [router],
  )
  const follow = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (
      !link ||
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return
    const url = new URL(link.href, location.href)
    if (
      url.origin !== location.origin ||
      !url.pathname.startsWith(`${BASE}/`) ||
      link.target ||
      link.hasAttribute('download')
    )
      return
    if (url.pathname === location.pathname && url.search === location.search) return
    event.preventDefault()
    router.history.push(url.pathname + url.search + url.hash)
  }
  const leave = async () => {
    await ask('/auth/sign-out', { method: 'POST' })
    queries.clear()
    await router.navigate({ to: '/sign-in', search: {} })
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: it only listens to its links, which keys reach
    <div onClick={follow}>
      <Page
        home={`${BASE}/`}
        navigation={(me.data ? placesFor(me.data) : []).map((place) => ({
          href: BASE + place.path,
          label: place.label,
          current: here.startsWith(place.path),
        }))}
        end={
          me.data && (
            <span className="cs-who">
              <a href={`${BASE}/account`} aria-current={here.startsWith('/account') ? 'page' : undefined}>
                {me.data.person.name}
              </a>
              <button type="button" className="cs-link" onClick={() => void leave()}>
                Sign out
              </button>
            </span>
          )
        }
      >
        <BrokenGlassBanner />
        <Outlet />
        <StepUp />
      </Page>
    </div>
  )
}
