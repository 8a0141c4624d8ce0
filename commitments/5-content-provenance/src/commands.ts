import type { Verb } from '@avouch/core/verb'
import { caCommand, certificateCommand } from './commands/ca.ts'
import { checkCommand } from './commands/check.ts'
import { manifestCommand } from './commands/manifest.ts'
import { markCommand } from './commands/mark.ts'

/** `avouch content`: marking what the system makes, and telling whether it made it. */
export const verb: Verb = {
  mark: markCommand,
  check: checkCommand,
  manifest: manifestCommand,
  ca: caCommand,
  certificate: certificateCommand,
}
