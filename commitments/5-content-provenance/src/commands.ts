import type { Verb } from '@avouch/core/verb'
import { caCommand, certificateCommand } from './commands/ca.ts'
import { manifestCommand } from './commands/manifest.ts'

/** `avouch content`: marking what the system makes, and telling whether it made it. */
export const verb: Verb = {
  manifest: manifestCommand,
  ca: caCommand,
  certificate: certificateCommand,
}
