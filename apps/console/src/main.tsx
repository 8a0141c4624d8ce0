import './console.css'
import './campaign.css'
import './weights.css'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from './api.ts'
import { makeRouter } from './router.tsx'

const queries = new QueryClient({
  queryCache: new QueryCache({
    // A session that has ended shows wherever it is noticed first: the router asks again who this is.
    onError: (error, { queryKey }) => {
      if (!(error instanceof ApiError && error.status === 401) || queryKey[0] === 'me') return
      queries.removeQueries({ queryKey: ['me'] })
      void router.invalidate()
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What was refused will be refused again; only silence is worth a second try.
      retry: (count, error) => error instanceof ApiError && error.status === 0 && count < 1,
      throwOnError: false,
    },
  },
})
const router = makeRouter(queries)
const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  )
