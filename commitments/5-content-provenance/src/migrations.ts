import type { Migrations } from '@avouch/core/db'
import { register } from './migrations/0001-register.ts'
import { sound } from './migrations/0002-sound.ts'

export const migrations: Migrations = {
  schema: 'content_provenance',
  steps: { '0001-register': register, '0002-sound': sound },
}
