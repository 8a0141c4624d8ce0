import { createOwnerLink, hasOwner } from '@avouch/core/auth'
import type { Verb } from '@avouch/core/verb'
import { startServer } from '@avouch/server'
import { z } from 'zod'
import { makeConsole } from '../make-console.ts'

export default {
  '': {
    summary: 'Start portal, console, API and worker on one port, or some of them, until Ctrl-C',
    options: {
      only: z
        .array(z.enum(['portal', 'console', 'weights', 'worker']))
        .optional()
        .describe('portal, console, weights or worker; may be repeated'),
    },
    run: async ({ installation, terminal, options, signal }) => {
      const only = options.only as ('portal' | 'console' | 'weights' | 'worker')[] | undefined
      if (!only || only.includes('console')) await makeConsole()
      const server = await startServer(installation, { ...(only && { only }), signal })
      if (server.url) {
        terminal.say(`Portal   ${server.url}/`)
        terminal.say(`Console  ${server.url}/console/`)
        if (!(await hasOwner(installation))) {
          const link = await createOwnerLink({
            ...installation,
            config: { ...installation.config, url: server.url },
          })
          terminal.say('')
          terminal.say(
            'Nobody owns this installation yet. Open this link once, within the hour, and enrol a passkey:',
          )
          terminal.say(`  ${link.url}`)
        }
      } else terminal.say('The worker is running.')
      terminal.result({ url: server.url ?? null })
      if (!signal.aborted) await new Promise((stop) => signal.addEventListener('abort', stop, { once: true }))
      await server.close()
      return 0
    },
  },
} satisfies Verb
