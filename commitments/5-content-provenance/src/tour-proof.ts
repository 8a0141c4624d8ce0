import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tour } from '@avouch/core/tour'
import { probe, recordProbe } from './check/probe.ts'
import type { Maker } from './content.ts'
import { participationEvidence } from './evidence.ts'
import { pictureOf } from './media/sample.ts'
import { tryRobustness } from './robustness/run.ts'
import { recordResolution, tryResolution } from './soft-binding/conformance.ts'

/**
 * What is proved of marks, on few pictures, as a tour has little time: how well they survive, that the public check knows
 * them, and that others can resolve them by the standard.
 */
export async function proveMarks(tour: Tour, maker: Maker): Promise<void> {
  await tryAttacks(tour)
  await askOverHttp(tour, maker)
  await joinFramework(tour)
}

/** Every attack of the table on one made-up picture: enough to be measured, too little to be robust. */
async function tryAttacks({ installation, progress, signal, tell }: Tour): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'avouch-pictures-'))
  try {
    const [images, unmarked] = [join(folder, 'images'), join(folder, 'unmarked')]
    for (const one of [images, unmarked]) await mkdir(one)
    await writeFile(join(images, '1.png'), await pictureOf(2027, 840, 600).png().toBuffer())
    await writeFile(join(unmarked, '1.png'), await pictureOf(2028, 320, 240).png().toBuffer())
    const { rows } = await tryRobustness(
      installation,
      {
        medium: 'picture',
        folder: images,
        unmarked,
        limit: 1,
        attacks: undefined,
        seed: 'guided tour',
        rival: undefined,
      },
      { signal, onProgress: (done, total, note) => progress({ task: 'attacking marks', done, total, note }) },
    )
    const all = rows.find(({ change, size }) => change === 'expected' && size === 'all')
    const { found, executed } = all?.marked ?? { found: 0, executed: 0 }
    tell(
      `Attacked in every way of the table, a picture kept its mark in ${found} of ${executed} that it is to survive; one picture shows little.`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function askOverHttp({ installation, tell, url }: Tour, maker: Maker): Promise<void> {
  if (url === undefined) return tell('No server runs: the public check and the resolution API are not tried.')
  const probed = await probe(installation, maker, { url, tries: 1 })
  await recordProbe(installation, maker, probed)
  const { marked, unmarked } = probed
  tell(
    `Asked over HTTP, the public check knew ${marked.found} of ${marked.tried} marked pictures, and took ${unmarked.found} of ${unmarked.tried} others for marked.`,
  )
  const resolution = await tryResolution(installation, maker, { url })
  await recordResolution(installation, resolution)
  tell(
    `C2PA’s resolution API answered ${resolution.agreed} of ${resolution.checks.length} questions as its standard asks.`,
  )
}

/** On the example company's word, as every participation is; the document is an example as well. */
async function joinFramework({ installation, tell }: Tour): Promise<void> {
  const body = 'Example Provenance Forum'
  const document = `${body} confirms that Example Company is a member of its technical working group.`
  await installation.evidence.append({
    type: participationEvidence,
    fields: {
      body,
      kind: 'membership',
      what: 'Takes part in the technical working group, as an example company would.',
      since: installation.now().toISOString().slice(0, 10),
      document: createHash('sha256').update(document).digest('hex'),
    },
    about: {},
  })
  tell(`A membership is recorded on the company’s word: ${body}, which is no real body.`)
}
