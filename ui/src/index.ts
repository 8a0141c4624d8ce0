export { Chart, type Drawn } from './components/chart.tsx'
export { Digest, EvidenceChip, KeyValues, type Pair, shortDigest } from './components/evidence.tsx'
export { Figure, type IntervalRow, IntervalTable, type ShownFigure, Table } from './components/figure.tsx'
export {
  type ObligationGroup,
  ObligationList,
  ObligationMatrix,
  type ObligationRow,
} from './components/obligations.tsx'
export {
  Breadcrumb,
  type Crumb,
  type NavigationLink,
  Page,
  PageHead,
  Section,
  Turnstile,
  Wordmark,
} from './components/page.tsx'
export {
  Button,
  Disclosure,
  EmptyState,
  ErrorState,
  Field,
  Notice,
  ProgressBar,
} from './components/states.tsx'
export {
  type Status,
  StatusIcon,
  StatusMark,
  StatusTally,
  statuses,
  statusWords,
} from './components/status.tsx'
