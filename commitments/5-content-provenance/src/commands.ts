import type { Verb } from '@avouch/core/verb'
import { caCommand, certificateCommand } from './commands/ca.ts'
import { checkCommand } from './commands/check.ts'
import { exemptCommand, exemptionsCommand } from './commands/exempt.ts'
import { conformanceCommand, participationCommand } from './commands/framework.ts'
import { manifestCommand } from './commands/manifest.ts'
import { markCommand } from './commands/mark.ts'
import { probeCommand } from './commands/probe.ts'
import { privacyCommand, recordCommand, servicesCommand } from './commands/record.ts'
import { resolutionCommand } from './commands/resolution.ts'
import { robustnessCommand } from './commands/robustness.ts'

/** `avouch content`: marking what the system makes, and telling whether it made it. */
export const verb: Verb = {
  mark: markCommand,
  check: checkCommand,
  manifest: manifestCommand,
  ca: caCommand,
  certificate: certificateCommand,
  probe: probeCommand,
  services: servicesCommand,
  record: recordCommand,
  privacy: privacyCommand,
  exempt: exemptCommand,
  exemptions: exemptionsCommand,
  conformance: conformanceCommand,
  resolution: resolutionCommand,
  participation: participationCommand,
  robustness: robustnessCommand,
}
