import { LOCAL } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Subcommand } from '@avouch/core/verb'
import { exemptionDraft, proposeExemption } from '../exemption/propose.ts'
import { type ExemptionView, listExemptions } from '../exemption/view.ts'

const { class: _, ...exemptOptions } = exemptionDraft.shape

/** `avouch content exempt`. */
export const exemptCommand: Subcommand = {
  summary:
    'Propose that a class of content is not marked; counts once two people have signed, and is withdrawn in the console',
  positionals: { CLASS: 'A short name, such as default-voice' },
  options: exemptOptions,
  async run({ installation, terminal, args, options }) {
    const read = exemptionDraft.safeParse({ ...options, class: args.CLASS })
    if (!read.success) {
      const { path, message } = read.error.issues[0]!
      throw new AvouchError('usage', message, {
        where: path[0] === 'class' ? 'CLASS' : `--${String(path[0])}`,
      })
    }
    const { id, evidence, expiresAt } = await proposeExemption(installation, LOCAL, read.data)
    terminal.say(
      `Approval ${id} waits for two people, in the console; until then ${args.CLASS} is to be marked.`,
    )
    terminal.result({ approval: id, evidence, class: args.CLASS, expiresAt: expiresAt.toISOString() })
    return 0
  },
}

const IN_WORDS: Record<ExemptionView['state'], string> = {
  'in-force': 'exempt since',
  waiting: 'waits for signatures until',
  withdrawn: 'withdrawn on',
  unsigned: 'signed by nobody, so not exempt; recorded on',
}

/** `avouch content exemptions`. */
export const exemptionsCommand: Subcommand = {
  summary: 'List the classes of content that are exempt from marking, were, or are to be',
  async run({ installation, terminal }) {
    const exemptions = await listExemptions(installation)
    for (const { class: name, release, state, at, reason, approval } of exemptions)
      terminal.say(
        `${name} (${release ?? 'of no release'}): ${IN_WORDS[state]} ${at.toISOString().slice(0, 10)}${approval ? `, ${approval.signed} of ${approval.needed} signed` : ''}${reason ? `. ${reason}` : ''}`,
      )
    if (exemptions.length === 0) terminal.say('No content is exempt: all of it is to be marked.')
    terminal.result({ exemptions: exemptions.map((one) => ({ ...one, at: one.at.toISOString() })) })
    return 0
  },
}
