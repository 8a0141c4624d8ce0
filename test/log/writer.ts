import { loadConfig } from '@avouch/core/config'
import { openInstallation } from '@avouch/core/open'
import { faultNote } from './note.ts'

/** Appends evidence until it is killed, and prints the id of each piece once it is acknowledged as logged. */
const installation = await openInstallation(loadConfig(), { commitments: [] })
for (let n = 0; ; n++) {
  const accepted = await installation.db.kysely.transaction().execute((tx) =>
    installation.evidence.acceptAll(
      tx,
      Array.from({ length: 1 + (n % 40) }, (_, i) => ({ type: faultNote, about: {}, fields: { n: i } })),
    ),
  )
  const logged = await installation.evidence.logged(accepted.map((a) => a.id))
  process.stdout.write(`${logged.map((l) => `${l.id} ${l.index}`).join('\n')}\n`)
}
