import { styleText } from 'node:util'
import type { Verb } from '@avouch/core/verb'
import { diagnose } from '../diagnose.ts'

export default {
  '': {
    summary: 'Look at this installation and say what is wrong and what to do; changes nothing',
    standalone: true,
    run: async ({ config, terminal }) => {
      const checks = await diagnose(config)
      for (const check of checks) {
        terminal.say(
          `${check.ok ? styleText('green', '✓') : styleText('red', '✗')} ${check.name}: ${check.detail}`,
        )
        if (!check.ok && check.fix) terminal.say(`    to do: ${check.fix}`)
      }
      const ok = checks.every((check) => check.ok)
      terminal.result({ ok, checks })
      return ok ? 0 : 1
    },
  },
} satisfies Verb
