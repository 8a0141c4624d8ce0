import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Progress } from '../data.ts'

const progressKey = (id: string) => ['progress', id] as const

/** What a new leaf may change: the first words of questions. */
const GROWS = ['log', 'gate', 'releases', 'evidence', 'evidence-of', 'evidence-list', 'keys-of-log']

/** Listens to `/api/events` for as long as somebody is inside, and makes stale what has changed. */
export function useLiveChanges(allowed: boolean): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (!allowed) return
    const stream = new EventSource('/api/events')
    stream.addEventListener('campaign', (event) => {
      const progress: Progress = JSON.parse(event.data)
      queries.setQueryData(progressKey(progress.id), progress)
      void queries.invalidateQueries({ queryKey: ['campaign', progress.id] })
      void queries.invalidateQueries({ queryKey: ['campaigns'] })
    })
    stream.addEventListener('log', () => {
      for (const word of GROWS) void queries.invalidateQueries({ queryKey: [word] })
    })
    return () => stream.close()
  }, [allowed, queries])
}

/** How far a campaign is, as the server last said; undefined where it is not under way. */
export function useProgress(id: string): Progress | undefined {
  const { data } = useQuery<Progress>({ queryKey: progressKey(id), queryFn: skipToken })
  return data
}
