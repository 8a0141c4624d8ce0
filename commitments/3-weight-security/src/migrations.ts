import type { Migrations } from '@avouch/core/db'
import { objects } from './migrations/0001-objects.ts'
import { alerts } from './migrations/0003-alerts.ts'
import { access } from './migrations/0004-access.ts'
import { serving } from './migrations/0005-serving.ts'
import { sources } from './migrations/0006-sources.ts'
import { sourceSessions } from './migrations/0007-source-sessions.ts'
import { leaseMarks } from './migrations/0008-lease-marks.ts'
import { identities } from './migrations/0009-identities.ts'
import { refusals } from './migrations/0010-refusals.ts'

export const migrations: Migrations = {
  schema: 'weight_security',
  steps: {
    '0001-objects': objects,
    '0003-alerts': alerts,
    '0004-access': access,
    '0005-serving': serving,
    '0006-sources': sources,
    '0007-source-sessions': sourceSessions,
    '0008-lease-marks': leaseMarks,
    '0009-identities': identities,
    '0010-refusals': refusals,
  },
}
