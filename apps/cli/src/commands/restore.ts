import { readFile } from 'node:fs/promises'
import { restore } from '@avouch/core/db'
import { discoverCommitments } from '@avouch/core/discover'
import { auditLog, compareRestored } from '@avouch/core/log'
import { openInstallation } from '@avouch/core/open'
import type { Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { bulkAuditors } from '../bulk-auditors.ts'
import { fetchBounded } from '../fetch-bounded.ts'
import { backupPassphrase } from './backup.ts'

export default {
  '': {
    summary: 'Restore a backup into an empty home, and audit its log; it stays read-only until compared',
    positionals: { DIR: 'the backup' },
    standalone: true,
    run: async ({ config, terminal, args }) => {
      const summary = await restore(args.DIR!, config, {
        passphrase: backupPassphrase(),
        progress: (update) => terminal.progress(update),
      })
      terminal.say(`Restored ${summary.rows} rows of ${summary.tables} tables and ${summary.blobs} blobs.`)
      const installation = await openInstallation(config, { commitments: await discoverCommitments() })
      try {
        const audit = await auditLog(installation, bulkAuditors(installation), (done, total) =>
          terminal.progress({ task: 'audit', done, total }),
        )
        terminal.say(
          audit.ok
            ? `Its log of ${audit.checked.leaves} leaves derives from what was signed.`
            : `Its log does not hold: ${audit.problemCount} problems.`,
        )
        for (const problem of audit.problems.slice(0, 20))
          terminal.say(`  ✗ ${problem.what} ${problem.where}: ${problem.detail}`)
        terminal.say('It is read-only until compared with the last head that the world has seen:')
        terminal.say(
          '  avouch restore compare CHECKPOINT    (a file or address; from a witness or a copy of the published log)',
        )
        terminal.result({ ...summary, audit })
        return audit.ok ? 0 : 1
      } finally {
        await installation.close()
      }
    },
  },
  compare: {
    summary: 'Compare a restored log with the last published or witnessed head, then let it be written again',
    positionals: { 'CHECKPOINT?': 'a file or address of the last head seen outside' },
    options: {
      nothingPublished: z
        .boolean()
        .optional()
        .describe('nothing was ever published or witnessed, so there is nothing to compare with'),
      origin: z
        .string()
        .optional()
        .describe(
          'the name of the new origin, should the restored log be behind; default: the old one with /2, /3, …',
        ),
    },
    run: async ({ installation, terminal, args, options }) => {
      const given = args.CHECKPOINT
      const checkpoint =
        given === undefined
          ? undefined
          : /^https?:\/\//.test(given)
            ? Buffer.from(await fetchBounded(given)).toString()
            : await readFile(given, 'utf8')
      const outcome = await compareRestored(installation, {
        checkpoint,
        nothingPublished: options.nothingPublished === true,
        ...(typeof options.origin === 'string' && { origin: options.origin }),
      })
      terminal.say(outcome.says)
      terminal.result(outcome)
      return 0
    },
  },
} satisfies Verb
