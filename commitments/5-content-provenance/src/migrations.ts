import type { Migrations } from '@avouch/core/db'
import { register } from './migrations/0001-register.ts'

export const migrations: Migrations = {
  schema: 'content_provenance',
  steps: { '0001-register': register },
}
