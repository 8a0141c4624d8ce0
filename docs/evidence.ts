import { writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { evidenceTypes } from '../test/house/evidence-types.ts'

/** The text of `docs/evidence.md`: every kind of evidence that the code declares. */
export async function evidencePage(): Promise<string> {
  const rows = (await evidenceTypes()).map(({ type, file, fields }) => {
    const open = fields.filter((name) => type.open.includes(name))
    const committed = fields
      .filter((name) => !type.open.includes(name))
      .map((name) => (type.each.includes(name) ? `${name} (each member)` : name))
    const short = type.predicateType.replace('https://avouch.dev/evidence/', '')
    return `| [\`${short}\`](../${file}) | ${type.title} | ${open.join(', ') || 'none'} | ${committed.join(', ') || 'none'} |`
  })
  return `# The kinds of evidence

Each is an in-toto Statement v1 whose predicate type is \`https://avouch.dev/evidence/\` and the name below. **Open** fields stand in the signed Statement in the clear; so do the release, snapshot and configuration it is about. Of every **committed** field the Statement holds SHA-256(16-byte random salt ‖ length of the pointer ‖ pointer ‖ value), and the value lies beside it, to be shown or erased by itself; of those marked "each member", every member alone.

Made by \`npx node docs/evidence.ts\` from the code, which a test compares with this page.

| kind | what it is | open | committed |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  writeFileSync(fileURLToPath(new URL('evidence.md', import.meta.url)), await evidencePage())
