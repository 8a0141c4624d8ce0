import { PRACTICE_ROLES, startPracticeTarget } from '@avouch/core/model'
import type { Verb } from '@avouch/core/verb'
import { z } from 'zod'

export default {
  '': {
    summary: 'Run an OpenAI-compatible practice model with known, listed weaknesses, until Ctrl-C',
    standalone: true,
    options: {
      port: z.coerce.number().int().min(0).max(65_535).default(4700).describe('the port; 0 takes a free one'),
      seed: z.coerce.number().int().default(1).describe('the same seed gives the same answers'),
      latency: z.coerce.number().int().min(0).default(0).describe('milliseconds before each answer'),
    },
    run: async ({ terminal, options, signal }) => {
      const { port, seed, latency } = options as { port: number; seed: number; latency: number }
      const target = await startPracticeTarget({ port, seed, latencyMs: latency })
      terminal.say(`Practice target at ${target.url}: it is no real model, and says so in every answer.`)
      terminal.say(`Its weaknesses: ${target.url}/practice/manifest`)
      terminal.say('Models: example-model-1.0, example-model-2.0. Faults on demand: header x-practice-fault.')
      terminal.say(`Helpers: ${PRACTICE_ROLES.map(({ id, role }) => `${id} (${role})`).join(', ')}.`)
      terminal.result({ url: target.url })
      if (!signal.aborted) await new Promise((stop) => signal.addEventListener('abort', stop, { once: true }))
      await target.close()
      return 0
    },
  },
} satisfies Verb
