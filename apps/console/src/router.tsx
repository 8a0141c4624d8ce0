import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { ApiError } from './api.ts'
import { questions } from './data.ts'
import { NotFound, Problem, Waiting } from './parts/asked.tsx'
import { placesFor } from './parts/places.ts'
import { Shell } from './parts/shell.tsx'
import { count, text } from './search.ts'

type Search = Record<string, unknown>

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
})

const enrol = createRoute({
  getParentRoute: () => root,
  path: '/enrol',
  component: lazyRouteComponent(() => import('./pages/enrol.tsx'), 'Enrol'),
})
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (given: Search): { to?: string } => ({ to: text(given.to)?.match(/^\/(?!\/).*/)?.[0] }),
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignIn'),
})

/** Everything that needs somebody signed in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData({ ...questions.me, staleTime: 60_000 })
    } catch (error) {
      if (error instanceof ApiError && error.status === 401)
        throw redirect({ to: '/sign-in', search: { to: location.href === '/' ? undefined : location.href } })
      throw error
    }
  },
})

const paged = (given: Search): { page?: number } => ({ page: count(given.page, 1) })

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: async ({ context }) => {
    const me = await context.queries.ensureQueryData({ ...questions.me, staleTime: 60_000 })
    throw redirect({ href: `/console${placesFor(me)[0]?.path ?? '/account'}` })
  },
})
const releases = createRoute({
  getParentRoute: () => inside,
  path: '/releases',
  validateSearch: paged,
  component: lazyRouteComponent(() => import('./pages/releases.tsx'), 'Releases'),
})
const release = createRoute({
  getParentRoute: () => inside,
  path: '/releases/$name',
  component: lazyRouteComponent(() => import('./pages/release.tsx'), 'ReleasePage'),
})
const campaigns = createRoute({
  getParentRoute: () => inside,
  path: '/campaigns',
  validateSearch: (given: Search): { page?: number; release?: string } => ({
    ...paged(given),
    release: text(given.release),
  }),
  component: lazyRouteComponent(() => import('./pages/campaigns.tsx'), 'Campaigns'),
})
const campaign = createRoute({
  getParentRoute: () => inside,
  path: '/campaigns/$id',
  validateSearch: (given: Search): { after?: number; domain?: string; findings?: number } => ({
    after: count(given.after),
    domain: text(given.domain),
    findings: count(given.findings, 1),
  }),
  component: lazyRouteComponent(() => import('./pages/campaign.tsx'), 'CampaignPage'),
})
const studies = createRoute({
  getParentRoute: () => inside,
  path: '/studies',
  validateSearch: paged,
  component: lazyRouteComponent(() => import('./pages/studies.tsx'), 'Studies'),
})
const study = createRoute({
  getParentRoute: () => inside,
  path: '/studies/$id',
  component: lazyRouteComponent(() => import('./pages/study.tsx'), 'StudyPage'),
})
const imports = createRoute({
  getParentRoute: () => inside,
  path: '/imports',
  validateSearch: (given: Search): { page?: number; release?: string } => ({
    ...paged(given),
    release: text(given.release),
  }),
  component: lazyRouteComponent(() => import('./pages/imports.tsx'), 'Imports'),
})
const importOne = createRoute({
  getParentRoute: () => inside,
  path: '/imports/$id',
  component: lazyRouteComponent(() => import('./pages/import.tsx'), 'ImportPage'),
})
const content = createRoute({
  getParentRoute: () => inside,
  path: '/content',
  component: lazyRouteComponent(() => import('./pages/content.tsx'), 'Content'),
})
const weights = createRoute({
  getParentRoute: () => inside,
  path: '/weights',
  component: lazyRouteComponent(() => import('./pages/weights.tsx'), 'Weights'),
})
const signers = createRoute({
  getParentRoute: () => inside,
  path: '/weights/signers',
  component: lazyRouteComponent(() => import('./pages/signers.tsx'), 'Signers'),
})
const modelWeights = createRoute({
  getParentRoute: () => inside,
  path: '/weights/$model',
  component: lazyRouteComponent(() => import('./pages/model-weights.tsx'), 'ModelWeights'),
})
const custodyStep = createRoute({
  getParentRoute: () => inside,
  path: '/weights/$model/step',
  component: lazyRouteComponent(() => import('./pages/custody-step.tsx'), 'CustodyStep'),
})
const whoRead = createRoute({
  getParentRoute: () => inside,
  path: '/weights/$model/who',
  validateSearch: (given: Search): { on?: string } => ({
    on: text(given.on)?.match(/^\d{4}-\d{2}-\d{2}$/)?.[0],
  }),
  component: lazyRouteComponent(() => import('./pages/who-read.tsx'), 'WhoRead'),
})
const access = createRoute({
  getParentRoute: () => inside,
  path: '/access',
  component: lazyRouteComponent(() => import('./pages/access.tsx'), 'Access'),
})
const accessReview = createRoute({
  getParentRoute: () => inside,
  path: '/access/reviews/$id',
  component: lazyRouteComponent(() => import('./pages/access-review.tsx'), 'AccessReview'),
})
const brokenGlass = createRoute({
  getParentRoute: () => inside,
  path: '/access/glass/$id',
  component: lazyRouteComponent(() => import('./pages/broken-glass.tsx'), 'BrokenGlassPage'),
})
const myAccess = createRoute({
  getParentRoute: () => inside,
  path: '/access/mine',
  component: lazyRouteComponent(() => import('./pages/my-access.tsx'), 'MyAccess'),
})
const askAccess = createRoute({
  getParentRoute: () => inside,
  path: '/access/ask',
  component: lazyRouteComponent(() => import('./pages/ask-access.tsx'), 'AskAccess'),
})
const breakGlass = createRoute({
  getParentRoute: () => inside,
  path: '/access/break-glass',
  component: lazyRouteComponent(() => import('./pages/break-glass.tsx'), 'BreakGlass'),
})
const jobs = createRoute({
  getParentRoute: () => inside,
  path: '/access/jobs',
  component: lazyRouteComponent(() => import('./pages/jobs.tsx'), 'Jobs'),
})
const alerts = createRoute({
  getParentRoute: () => inside,
  path: '/alerts',
  validateSearch: (given: Search): { page?: number; state?: string } => ({
    ...paged(given),
    state: text(given.state),
  }),
  component: lazyRouteComponent(() => import('./pages/alerts.tsx'), 'AlertsPage'),
})
const comparison = createRoute({
  getParentRoute: () => inside,
  path: '/alerts/comparison',
  component: lazyRouteComponent(() => import('./pages/comparison.tsx'), 'ComparisonPage'),
})
const identities = createRoute({
  getParentRoute: () => inside,
  path: '/alerts/identities',
  validateSearch: (given: Search): { page?: number; name?: string } => ({
    ...paged(given),
    name: text(given.name)?.slice(0, 200),
  }),
  component: lazyRouteComponent(() => import('./pages/identities.tsx'), 'Identities'),
})
const alert = createRoute({
  getParentRoute: () => inside,
  path: '/alerts/$id',
  component: lazyRouteComponent(() => import('./pages/alert.tsx'), 'AlertPage'),
})
const evidenceList = createRoute({
  getParentRoute: () => inside,
  path: '/evidence',
  validateSearch: (given: Search): { type?: string; release?: string; before?: number } => ({
    type: text(given.type),
    release: text(given.release),
    before: count(given.before, 1),
  }),
  component: lazyRouteComponent(() => import('./pages/evidence-list.tsx'), 'EvidenceList'),
})
const evidence = createRoute({
  getParentRoute: () => inside,
  path: '/evidence/$id',
  component: lazyRouteComponent(() => import('./pages/evidence.tsx'), 'EvidencePage'),
})
const log = createRoute({
  getParentRoute: () => inside,
  path: '/log',
  validateSearch: paged,
  component: lazyRouteComponent(() => import('./pages/log.tsx'), 'LogPage'),
})
const people = createRoute({
  getParentRoute: () => inside,
  path: '/people',
  validateSearch: paged,
  component: lazyRouteComponent(() => import('./pages/people.tsx'), 'People'),
})
const approvals = createRoute({
  getParentRoute: () => inside,
  path: '/approvals',
  validateSearch: paged,
  component: lazyRouteComponent(() => import('./pages/approvals.tsx'), 'Approvals'),
})
const experts = createRoute({
  getParentRoute: () => inside,
  path: '/experts',
  component: lazyRouteComponent(() => import('./pages/experts.tsx'), 'Experts'),
})
const expertSession = createRoute({
  getParentRoute: () => inside,
  path: '/experts/$id',
  component: lazyRouteComponent(() => import('./pages/expert-session.tsx'), 'ExpertSessionPage'),
})
const workbench = createRoute({
  getParentRoute: () => inside,
  path: '/workbench',
  component: lazyRouteComponent(() => import('./pages/workbench.tsx'), 'Workbench'),
})
const expertRecord = createRoute({
  getParentRoute: () => inside,
  path: '/workbench/record',
  component: lazyRouteComponent(() => import('./pages/workbench/record.tsx'), 'RecordPage'),
})
const workbenchSession = createRoute({
  getParentRoute: () => inside,
  path: '/workbench/$id',
  component: lazyRouteComponent(() => import('./pages/workbench/session.tsx'), 'WorkbenchSession'),
})
const ratings = createRoute({
  getParentRoute: () => inside,
  path: '/ratings',
  component: lazyRouteComponent(() => import('./pages/ratings.tsx'), 'Ratings'),
})
const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'Account'),
})

const tree = root.addChildren([
  enrol,
  signIn,
  inside.addChildren([
    home,
    releases,
    release,
    campaigns,
    campaign,
    studies,
    study,
    imports,
    importOne,
    weights,
    signers,
    modelWeights,
    custodyStep,
    whoRead,
    content,
    access,
    accessReview,
    brokenGlass,
    jobs,
    myAccess,
    askAccess,
    breakGlass,
    alerts,
    comparison,
    identities,
    alert,
    evidenceList,
    evidence,
    log,
    people,
    approvals,
    experts,
    expertSession,
    workbench,
    expertRecord,
    workbenchSession,
    ratings,
    account,
  ]),
])

/** The console's addresses, under `/console`. Filters and pages are part of the address. */
export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: '/console',
    context: { queries },
    defaultPreload: 'intent',
    defaultPendingComponent: Waiting,
    defaultErrorComponent: ({ error }) => <Problem error={error} />,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
