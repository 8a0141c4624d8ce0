import { notBuilt, type Obligation } from '@avouch/core/obligation'

export const obligations: Obligation[] = [
  {
    id: '8.1',
    title: 'Great challenges',
    promise:
      "Frontier AI is developed and deployed for society's great challenges: climate, early cancer detection and prevention, cyber defence.",
    binds: 'company',
    force: 'asked',
    due: 'standing',
    rule: notBuilt('programmes, awards used, and outcomes'),
  },
  {
    id: '8.2',
    title: 'Education and training',
    promise: 'Education and training help students and workers prosper from AI.',
    binds: 'company',
    force: 'asked',
    due: 'standing',
    rule: notBuilt('courses, credentials and funded outside programmes'),
  },
  {
    id: '8.3',
    title: 'Citizens understand',
    promise: 'Citizens are helped to understand what the technology is, can do, cannot do, and changes.',
    binds: 'company',
    force: 'asked',
    due: 'standing',
    rule: notBuilt('the public understanding page, its use and quiz results'),
  },
]
