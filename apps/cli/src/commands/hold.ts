import { AvouchError } from '@avouch/core/errors'
import { placeHold, releaseEvidence } from '@avouch/core/gate'
import type { Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { releaseName } from './gate.ts'

export default {
  '': {
    summary: 'Close the gate for a release at once; two people lift a hold in the console',
    positionals: { 'NAME@VERSION': 'the release' },
    options: { reason: z.string().min(1).max(4000).describe('why') },
    run: async ({ installation, terminal, args, options }) => {
      const release = releaseName(args['NAME@VERSION'])
      const hold = await placeHold(installation, release, String(options.reason))
      if (!hold.recorded)
        throw new AvouchError('unavailable', 'the hold acts, but its evidence is not recorded yet', {
          fix: 'It is recorded with the next start.',
        })
      terminal.say(`The gate is closed for ${release}. Hold ${hold.id}.`)
      if ((await installation.evidence.list({ type: releaseEvidence, release, limit: 1 })).length === 0)
        terminal.say('No release of this name is recorded here: look whether it is the one you meant.')
      terminal.result(hold)
      return 0
    },
  },
} satisfies Verb
