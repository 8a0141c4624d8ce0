import { resolve } from 'node:path'
import { discoverCommitments } from '@avouch/core/discover'
import type { Verb } from '@avouch/core/verb'
import { reportFiles, writeReport } from '@avouch/public-reporting/publish'
import { z } from 'zod'
import { releaseName } from './gate.ts'

export default {
  '': {
    summary:
      'Write the report of a release: report.html, report.json, model card. As published, else a draft',
    positionals: { 'NAME@VERSION': 'the release' },
    options: { out: z.string().describe('the folder to write into') },
    run: async ({ installation, terminal, args, options }) => {
      const release = releaseName(args['NAME@VERSION'])
      const files = await reportFiles({ installation, commitments: await discoverCommitments(), release })
      const written = await writeReport(files, resolve(String(options.out)))
      terminal.say(
        files.state === 'published'
          ? 'As published:'
          : 'A draft, marked as such; it verifies once it is published (avouch publish):',
      )
      for (const path of written) terminal.say(`  ${path}`)
      terminal.result({ state: files.state, files: written })
      return 0
    },
  },
} satisfies Verb
