import type { Obligation } from '@avouch/core/obligation'
import { detectable, exempted, marked, namesNobody, shared } from './rules/marks.ts'

export const obligations: Obligation[] = [
  {
    id: '5.1',
    title: 'Robust mark',
    promise: 'Audio and visual output of the public system carries robust provenance, a watermark, or both.',
    binds: 'release',
    force: 'asked',
    due: 'at',
    rule: marked,
  },
  {
    id: '5.2',
    title: 'Detection for everyone',
    promise: 'A tool or API tells whether a piece of content was made by the system.',
    binds: 'release',
    force: 'asked',
    due: 'at',
    rule: detectable,
  },
  {
    id: '5.3',
    title: 'Names the service, not the user',
    promise: 'The mark names the service or model, and does not identify a user.',
    binds: 'release',
    force: 'asked',
    due: 'at',
    rule: namesNobody,
  },
  {
    id: '5.4',
    title: 'Exempt content',
    promise: 'Content readily told apart, or designed to be readily recognised, may be exempt.',
    binds: 'release',
    force: 'asked',
    due: 'at',
    rule: exempted,
  },
  {
    id: '5.5',
    title: 'Shared framework',
    promise: 'Works with industry and standards bodies on a shared technical framework.',
    binds: 'company',
    force: 'asked',
    due: 'standing',
    rule: shared,
  },
]
