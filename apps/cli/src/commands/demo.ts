import type { Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { runDemo } from '../demo.ts'

export default {
  '': {
    summary:
      'One release and its predecessor through every commitment, on a practice model; then the console',
    options: { once: z.boolean().optional().describe('exit at the end instead of staying up') },
    run: async ({ installation, terminal, options, signal }) => {
      const tour = await runDemo({ installation, terminal, signal, stay: options.once !== true })
      terminal.result(tour)
      return 0
    },
  },
} satisfies Verb
