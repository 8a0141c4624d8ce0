import type { Verb } from '@avouch/core/verb'
import { alertCommands } from './commands/alerts.ts'
import { attestCommands } from './commands/attest.ts'
import { baitCommands } from './commands/bait.ts'
import { checkCommand } from './commands/check.ts'
import { compareCommand } from './commands/compare.ts'
import { coverageCommand } from './commands/coverage.ts'
import { custodyCommands } from './commands/custody.ts'
import { detectCommand } from './commands/detect.ts'
import { discardCommand } from './commands/discard.ts'
import { egressCommands } from './commands/egress.ts'
import { exerciseCommand } from './commands/exercise.ts'
import { followCommand } from './commands/follow.ts'
import { identityCommands } from './commands/identity.ts'
import { leaseCommands } from './commands/leases.ts'
import { listCommand } from './commands/list.ts'
import { openCommand } from './commands/open.ts'
import { policyCommands } from './commands/policy.ts'
import { readsCommand } from './commands/reads.ts'
import { requestCommands } from './commands/request.ts'
import { reviewCommands } from './commands/review.ts'
import { sealCommand } from './commands/seal.ts'
import { showCommand } from './commands/show.ts'
import { signCommand } from './commands/sign.ts'
import { signerCommands } from './commands/signers.ts'
import { sourcesCommand } from './commands/sources.ts'
import { whoCommands } from './commands/who.ts'

/** `avouch weights`: what can be done for the safety of weights. */
export const verb: Verb = {
  seal: sealCommand,
  list: listCommand,
  show: showCommand,
  open: openCommand,
  discard: discardCommand,
  reads: readsCommand,
  sign: signCommand,
  check: checkCommand,
  ...signerCommands,
  ...custodyCommands,
  ...egressCommands,
  ...attestCommands,
  ...policyCommands,
  ...requestCommands,
  ...leaseCommands,
  ...whoCommands,
  ...reviewCommands,
  detect: detectCommand,
  sources: sourcesCommand,
  follow: followCommand,
  coverage: coverageCommand,
  ...alertCommands,
  ...identityCommands,
  ...baitCommands,
  exercise: exerciseCommand,
  compare: compareCommand,
}
