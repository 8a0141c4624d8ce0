import { discoverCommitments } from '@avouch/core/discover'
import type { Verb } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { publishReport } from '@avouch/public-reporting/publish'
import { releaseName } from './gate.ts'

export default {
  '': {
    summary: 'Publish the report of a release and a checkpoint of the log to the portal',
    positionals: { 'NAME@VERSION': 'the release' },
    run: async ({ installation, terminal, args }) => {
      const release = releaseName(args['NAME@VERSION'])
      const { publication, evidence } = await publishReport({
        installation,
        commitments: await discoverCommitments(),
        release,
      })
      terminal.say(
        `Published the report of ${release}: ${counted(publication.figures, 'figure')}, ${counted(publication.withheld, 'part')} withheld.`,
      )
      terminal.say(
        `  evidence ${evidence.id}, leaf ${evidence.index}; the published log has ${publication.treeSize} leaves`,
      )
      terminal.say(`  portal: ${installation.config.url}/reports/${encodeURIComponent(release)}`)
      terminal.result({ ...publication, leaf: evidence.index })
      return 0
    },
  },
} satisfies Verb
