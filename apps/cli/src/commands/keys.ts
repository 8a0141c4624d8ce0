import { findCheckpoint, keyEvidence } from '@avouch/core/log'
import type { Verb } from '@avouch/core/verb'

export default {
  '': {
    summary: "The log's verifier key, to hand to others, and the keys it certifies",
    run: async ({ installation, terminal }) => {
      const checkpoint = await findCheckpoint(installation.db, 'signed')
      const keys = (await installation.evidence.list({ type: keyEvidence })).map((r) => ({
        index: r.index,
        ...r.fields,
      }))
      terminal.say(
        checkpoint ? `log  ${checkpoint.key}` : 'The log key is made when the first evidence is recorded.',
      )
      for (const key of keys as { action: string; kind: string; keyid: string; index?: number }[])
        terminal.say(`${key.action} at leaf ${key.index ?? '-'}: ${key.kind} key ${key.keyid}`)
      terminal.result({ log: checkpoint?.key ?? null, keys })
      return 0
    },
  },
} satisfies Verb
