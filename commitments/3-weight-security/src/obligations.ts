import type { Obligation } from '@avouch/core/obligation'
import { environment } from './rules/environment.ts'
import { held } from './rules/held.ts'
import { insider } from './rules/insider.ts'
import { need } from './rules/need.ts'

export const obligations: Obligation[] = [
  {
    id: '3.1',
    title: 'Weights held as core property',
    promise:
      'Proprietary and unreleased weights are encrypted, signed, and of known custody from checkpoint to release.',
    binds: 'release',
    force: 'asked',
    due: 'before',
    rule: held,
  },
  {
    id: '3.2',
    title: 'Access by need',
    promise: 'Access is limited to those whose job function needs it.',
    binds: 'release',
    force: 'asked',
    due: 'before',
    rule: need,
  },
  {
    id: '3.3',
    title: 'Insider-threat programme',
    promise:
      "An insider-threat programme runs, is tested, and is at least that for the company's most valuable secrets.",
    binds: 'company',
    force: 'asked',
    due: 'standing',
    rule: insider,
  },
  {
    id: '3.4',
    title: 'Secure environment',
    promise: 'Weights are stored and used in an appropriately secure environment.',
    binds: 'release',
    force: 'asked',
    due: 'before',
    rule: environment,
  },
]
