import { discoverCommitments } from '@avouch/core/discover'
import { AvouchError } from '@avouch/core/errors'
import { decideLocally, gate } from '@avouch/core/gate'
import type { Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { releaseName } from './gate.ts'

export default {
  '': {
    summary: 'Record the decision to ship or hold; unmet obligations are named as waived',
    positionals: { 'NAME@VERSION': 'the release', 'ship|hold': 'the decision' },
    options: { reason: z.string().min(1).describe('why') },
    run: async ({ installation, terminal, args, options }) => {
      const release = releaseName(args['NAME@VERSION'])
      const decision = args['ship|hold']
      if (decision !== 'ship' && decision !== 'hold')
        throw new AvouchError('usage', `the decision is ship or hold, not "${decision}"`)
      const commitments = await discoverCommitments()
      const verdict = await gate(
        installation,
        release,
        commitments.flatMap((c) => c.obligations),
      )
      const logged = await decideLocally(installation, verdict, decision, String(options.reason))
      terminal.say(`Recorded: ${decision} ${release}, as evidence ${logged.id}, leaf ${logged.index}.`)
      if (!verdict.ready)
        terminal.say(
          `The gate is closed; ${verdict.blockers.length} reasons stand against it and are in the verdict this decision commits to.`,
        )
      terminal.say(
        'It is recorded by the command line, which records and never approves. A signed decision is made in the console.',
      )
      terminal.result({ ...logged, decision, ready: verdict.ready })
      return 0
    },
  },
} satisfies Verb
