import type { Migrations } from '@avouch/core/db'
import { register } from './migrations/0001-register.ts'
import { sound } from './migrations/0002-sound.ts'
import { robustness } from './migrations/0003-robustness.ts'

export const migrations: Migrations = {
  schema: 'content_provenance',
  steps: { '0001-register': register, '0002-sound': sound, '0003-robustness': robustness },
}
