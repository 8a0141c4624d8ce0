import { notBuilt, type Obligation } from '@avouch/core/obligation'

export const obligations: Obligation[] = [
  {
    id: '2.1',
    title: 'Shared forum and standards',
    promise:
      'Takes part in a forum or mechanism for shared standards and best practice, such as the NIST AI Risk Management Framework.',
    binds: 'company',
    force: 'asked',
    due: 'standing',
    rule: notBuilt('memberships, and adopted standards with their mapping'),
  },
  {
    id: '2.2',
    title: 'Threats and advances shared',
    promise:
      'Shares advances in frontier capability, emerging risks and threats, and attempts to get round safeguards.',
    binds: 'company',
    force: 'asked',
    due: 'standing',
    rule: notBuilt('objects published to the exchange, and receipts from peers'),
  },
  {
    id: '2.3',
    title: 'Working groups',
    promise: 'Technical working groups on priority areas exist and produce something.',
    binds: 'company',
    force: 'may',
    due: 'standing',
    rule: notBuilt('records and outputs of working groups'),
  },
  {
    id: '2.4',
    title: 'Governments, civil society, academia',
    promise: 'Works closely with governments, civil society and academia as appropriate.',
    binds: 'company',
    force: 'asked',
    due: 'standing',
    rule: notBuilt('members of those kinds, and what was exchanged with them'),
  },
]
