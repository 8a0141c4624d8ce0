import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tour } from '@avouch/core/tour'
import { probe, recordProbe } from './check/probe.ts'
import type { Maker } from './content.ts'
import { participationEvidence } from './evidence.ts'
import { pictureOf } from './media/sample.ts'
import { writeWav } from './media/sound/wav.ts'
import { music } from './media/sound-sample.ts'
import { tryRobustness } from './robustness/run.ts'
import { recordResolution, tryResolution } from './soft-binding/conformance.ts'

/**
 * What is proved of marks, on few files, as a tour has little time: how well they survive, that the public check knows
 * them, and that others can resolve them by the standard.
 */
export async function proveMarks(tour: Tour, maker: Maker): Promise<void> {
  await tryAttacks(tour)
  await askOverHttp(tour, maker)
  await joinFramework(tour)
}

/** One file to be marked, and a smaller one that is not, of each medium that the tour marks. */
const FILES: Record<'picture' | 'sound', (() => Promise<Uint8Array>)[]> = {
  picture: [
    () => pictureOf(2027, 840, 600).png().toBuffer(),
    () => pictureOf(2028, 160, 128).png().toBuffer(),
  ],
  sound: [async () => soundOf(10, 2027), async () => soundOf(5, 2028)],
}

/** Every attack of both tables, on one made-up file each: enough to be measured, too little to be robust. */
async function tryAttacks({ installation, progress, signal, tell }: Tour): Promise<void> {
  for (const medium of ['picture', 'sound'] as const) {
    const folder = await mkdtemp(join(tmpdir(), 'avouch-tour-'))
    try {
      const folders = ['marked', 'unmarked'].map((name) => join(folder, name)) as [string, string]
      for (const [at, path] of folders.entries()) {
        await mkdir(path)
        await writeFile(join(path, 'example'), await FILES[medium][at]!())
      }
      const [marked, unmarked] = folders
      const { rows, state } = await tryRobustness(
        installation,
        {
          ...{ medium, folder: marked, unmarked, limit: 1 },
          ...{ attacks: undefined, seed: 'guided tour', rival: undefined },
        },
        {
          signal,
          onProgress: (done, total, note) => progress({ task: 'attacking marks', done, total, note }),
        },
      )
      if (state === 'stopped') return
      const all = rows.find(({ change, size }) => change === 'expected' && size === 'all')
      const { found, executed } = all?.marked ?? { found: 0, executed: 0 }
      tell(
        `Attacked in every way of its table, a ${medium} kept its mark in ${found} of ${executed} that it is to survive; one ${medium} shows little.`,
      )
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

function soundOf(seconds: number, seed: number): Uint8Array {
  const rate = 16_000
  return writeWav({ channels: [music(seconds, rate, seed)], rate }, { depth: 16, float: false })
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
