import type { Subcommand } from '@avouch/core/verb'
import { CAMPAIGN, campaignNamed } from '../campaign-named.ts'
import { controlEvidence } from './evidence.ts'
import { recordControl } from './record.ts'
import { controlLines } from './wording.ts'

/** `avouch red-team control CAMPAIGN`: what a campaign made of a target whose weaknesses are known. */
export const controlCommand: Subcommand = {
  summary: 'Hold a campaign on a practice target against the weaknesses that were planted in it',
  positionals: { campaign: CAMPAIGN },
  async run({ installation, terminal, args, signal }) {
    const record = await recordControl(installation, await campaignNamed(installation, args.campaign), signal)
    if (!record) {
      terminal.say('Its target is no practice target, so it is not known what was there to find.')
      terminal.result(null)
      return 1
    }
    const control = installation.evidence.read(controlEvidence, record)
    for (const line of controlLines(control)) terminal.say(line)
    terminal.say(`Recorded as evidence ${record.id}.`)
    terminal.result({ evidence: record.id, ...control })
    return control.found === control.planted && control.twins.judgedBreach === 0 ? 0 : 1
  },
}
