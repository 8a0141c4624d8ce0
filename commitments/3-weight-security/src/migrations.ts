import type { Migrations } from '@avouch/core/db'
import { objects } from './migrations/0001-objects.ts'
import { alerts } from './migrations/0003-alerts.ts'

export const migrations: Migrations = {
  schema: 'weight_security',
  steps: { '0001-objects': objects, '0003-alerts': alerts },
}
