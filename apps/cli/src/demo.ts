import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'
import { createOwnerLink, hasOwner } from '@avouch/core/auth'
import type { Commitment } from '@avouch/core/commitment'
import { discoverCommitments } from '@avouch/core/discover'
import { AvouchError } from '@avouch/core/errors'
import { decideLocally, gate, type Verdict } from '@avouch/core/gate'
import type { Installation } from '@avouch/core/installation'
import { tourPeople } from '@avouch/core/tour'
import type { Terminal } from '@avouch/core/verb'
import { publishReport } from '@avouch/public-reporting/publish'
import { type RunningServer, startServer } from '@avouch/server'
import { assessRelease } from './assess.ts'
import { makeConsole } from './make-console.ts'
import { printVerdict } from './print-verdict.ts'

const PRACTICE = fileURLToPath(new URL('../../../core/src/model/practice/main.ts', import.meta.url))
const CONCURRENCY = 32

const plan = (name: string): string => fileURLToPath(new URL(`../demo/${name}.yaml`, import.meta.url))

/** The two releases of the tour; the practice target serves a model for each. */
const RELEASES = [
  { release: 'example-model@1.0', model: 'example-model-1.0' },
  { release: 'example-model@2.0', model: 'example-model-2.0', predecessor: 'example-model@1.0' },
] as const

export type Tour = { release: string; verdict: Verdict; portal: string; console: string; report: string }

/**
 * The guided tour: the same code as `avouch assess`, over HTTP, against the practice target in a process of its own.
 * A second run records a second assessment beside the first. Stays up until aborted when `stay` is set.
 */
export async function runDemo(given: {
  installation: Installation
  terminal: Terminal
  signal: AbortSignal
  stay: boolean
  /** The plan file for a model, where it is not the tour's own. */
  planOf?: (model: string) => string
}): Promise<Tour> {
  const { installation, terminal, signal, planOf = plan } = given
  const commitments = await discoverCommitments()
  const catalogue = commitments.flatMap((commitment) => commitment.obligations)
  terminal.say(styleText('bold', 'Avouch: a guided tour'))
  terminal.say(
    'Two releases of a practice model, which is no real model and has known weaknesses, go through scope,',
  )
  terminal.say(`red-teaming, gate and report. What is recorded stands in ${installation.config.home}.`)
  await makeConsole()
  const practice = await startPractice()
  const server = await startAnywhere(installation, signal).catch((error: unknown) => {
    practice.stop()
    throw error
  })
  try {
    const url = server.url!
    for (const { model, ...release } of RELEASES) {
      terminal.say('')
      terminal.say(styleText('bold', `Assessing ${release.release}`))
      await assessRelease({
        installation,
        commitments,
        terminal,
        signal,
        ...release,
        snapshot: `id:${model}`,
        configuration: 'safeguarded',
        plan: planOf(model),
        target: { adapter: 'openai', url: practice.url, model, concurrency: CONCURRENCY },
      })
    }
    const { release } = RELEASES[1]
    await visitRooms(commitments, { installation, terminal, signal, release, url })
    const before = await gate(installation, release, catalogue)
    await decideLocally(
      installation,
      before,
      'hold',
      'The tour ends before the rooms that are still missing: this release is not ready.',
    )
    await publishReport({ installation, commitments, release })
    const verdict = await gate(installation, release, catalogue)
    printVerdict(terminal, verdict)
    const tour: Tour = {
      release,
      verdict,
      portal: `${url}/`,
      console: `${url}/console/`,
      report: `${url}/reports/${encodeURIComponent(release)}`,
    }
    terminal.say('')
    terminal.say(`  report   ${tour.report}`)
    terminal.say(`  portal   ${tour.portal}`)
    terminal.say(`  console  ${tour.console}`)
    if (given.stay && !(await hasOwner(installation))) {
      const link = await createOwnerLink({ ...installation, config: { ...installation.config, url } })
      terminal.say(`  to sign in, enrol a passkey once: ${link.url}`)
    }
    if (given.stay && !signal.aborted) {
      terminal.say('')
      terminal.say('Up until Ctrl-C.')
      await new Promise((stop) => signal.addEventListener('abort', stop, { once: true }))
    }
    return tour
  } finally {
    practice.stop()
    await server.close()
  }
}

/** What commitments show beside assessing: each by the people of an example company, who leave at the end. */
async function visitRooms(
  commitments: readonly Commitment[],
  given: {
    installation: Installation
    terminal: Terminal
    signal: AbortSignal
    release: string
    url: string
  },
): Promise<void> {
  const { installation, terminal, signal, release, url } = given
  const { person, leave } = tourPeople(installation)
  try {
    for (const { number, tour } of commitments) {
      if (tour === undefined || signal.aborted) continue
      terminal.say(`${number}. ${tour.title}`)
      const visit = await tour.load()
      await visit({
        installation,
        release,
        url,
        person,
        signal,
        progress: (update) => terminal.progress(update),
        tell: (line) => terminal.say(`   ${line}`),
      })
    }
  } finally {
    await leave()
  }
}

/** Starts the server on the port that is set, or on a free one where nobody set any and the default is taken. */
async function startAnywhere(installation: Installation, signal: AbortSignal): Promise<RunningServer> {
  try {
    return await startServer(installation, { signal })
  } catch (error) {
    if (!(error instanceof AvouchError && error.code === 'conflict') || process.env.AVOUCH_PORT !== undefined)
      throw error
    return startServer({ ...installation, config: { ...installation.config, port: 0 } }, { signal })
  }
}

/** Starts the practice target in a process of its own, as a real endpoint would be. */
async function startPractice(): Promise<{ url: string; stop(): void }> {
  const child = spawn(process.execPath, [PRACTICE, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new AvouchError('target', `the practice target ended at once with status ${code}`)),
    )
  })
  const { url } = JSON.parse(line) as { url: string }
  return { url, stop: () => child.kill('SIGTERM') }
}
