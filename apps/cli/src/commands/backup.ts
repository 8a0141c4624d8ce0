import { backup } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Verb } from '@avouch/core/verb'

/** The passphrase that seals the keys; never on the command line, where others could read it. */
export function backupPassphrase(): string {
  const passphrase = process.env.AVOUCH_BACKUP_PASSPHRASE
  if (!passphrase)
    throw new AvouchError('usage', 'the passphrase that seals the keys is missing', {
      where: 'AVOUCH_BACKUP_PASSPHRASE',
      fix: 'Set it in the environment; keep it where the backup is not.',
    })
  return passphrase
}

export default {
  '': {
    summary:
      'Back up database, blobs and keys into a new folder; the keys are sealed by $AVOUCH_BACKUP_PASSPHRASE',
    positionals: { DIR: 'a new folder' },
    run: async ({ installation, terminal, args }) => {
      const summary = await backup(installation.config, installation.db, installation.blobs, args.DIR!, {
        passphrase: backupPassphrase(),
        progress: (update) => terminal.progress(update),
      })
      terminal.say(
        `Backed up ${summary.rows} rows of ${summary.tables} tables and ${summary.blobs} blobs, ${(summary.bytes / 1e6).toFixed(1)} MB, to ${args.DIR}.`,
      )
      terminal.say('What is erased later is still in it: let backups expire.')
      terminal.result(summary)
      return 0
    },
  },
} satisfies Verb
