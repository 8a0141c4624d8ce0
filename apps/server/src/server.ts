import type { Commitment } from '@avouch/core/commitment'
import { discoverCommitments } from '@avouch/core/discover'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { type Jobs, startWorker } from '@avouch/core/work'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { publishEachDay } from './daily-checkpoint.ts'
import { PARTS, type Part } from './part.ts'
import { keepReacting, reactionMigrations, reactionsOf } from './reactions.ts'
import { recordSoon } from './revocations.ts'

export type ServerOptions = {
  /** The parts to run; default: all, on one port. */
  only?: readonly Part[]
  /** Aborted to close. */
  signal?: AbortSignal
  /** Default: all that are discovered. */
  commitments?: Commitment[]
  /** Where the built console stands; default: `apps/console/dist`. */
  consoleFiles?: string
  /** How long requests under way may take to end when it closes, in milliseconds; default 5000. */
  grace?: number
}

export type RunningServer = {
  /** Where it is reached; undefined for a worker alone, which listens nowhere. */
  url: string | undefined
  /** Stops taking requests, lets those under way end for a while, and stops the worker. */
  close(): Promise<void>
}

/**
 * Runs the API, console, portal and worker of an installation in this process, or some of them. With port 0 the
 * system chooses one, and the address follows. Throws `conflict` where the port is taken and `usage` for no part.
 */
export async function startServer(given: Installation, options: ServerOptions = {}): Promise<RunningServer> {
  const parts = options.only ?? PARTS
  if (parts.length === 0 || parts.some((part) => !PARTS.includes(part)))
    throw new AvouchError('usage', `The parts are ${PARTS.join(', ')}`, { where: '--only' })
  // Its own copy: with port 0 the address is known only once it listens.
  const installation: Installation = { ...given, config: { ...given.config } }
  await recordSoon(installation)
  const commitments = options.commitments ?? (await discoverCommitments())
  const app = parts.some((part) => part !== 'worker')
    ? await buildApp(installation, { commitments, parts, consoleFiles: options.consoleFiles })
    : undefined
  if (app) await listen(app, installation)
  const stopWorking = parts.includes('worker')
    ? await work(installation, commitments).catch(async (error: unknown) => {
        await app?.close()
        throw error
      })
    : undefined

  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= (async () => {
      await Promise.all([app && closeGently(app, options.grace ?? 5000), stopWorking?.()])
    })()
    return closing
  }
  const onAbort = () =>
    void close().catch((error: unknown) =>
      installation.log.error({ err: error }, 'the server did not close cleanly'),
    )
  if (options.signal?.aborted) onAbort()
  else options.signal?.addEventListener('abort', onAbort, { once: true })
  return { url: app && installation.config.url, close }
}

async function listen(app: FastifyInstance, { config }: Installation): Promise<void> {
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (cause) {
    await app.close()
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'EADDRINUSE')
      throw new AvouchError('conflict', `Port ${config.port} of ${config.host} is taken`, {
        where: 'AVOUCH_PORT',
        fix: 'Stop what uses it, or set AVOUCH_PORT to another; 0 lets the system choose.',
        cause,
      })
    throw new AvouchError('network', `The server cannot listen on ${config.host}:${config.port}`, {
      where: 'AVOUCH_HOST, AVOUCH_PORT',
      fix: 'Give an address of this machine and a port that this user may take.',
      cause,
    })
  }
  const address = app.server.address()
  if (config.port === 0 && address && typeof address === 'object') {
    config.port = address.port
    config.url = `http://localhost:${address.port}`
  }
}

async function closeGently(app: FastifyInstance, grace: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), grace)
  try {
    await app.close()
  } finally {
    clearTimeout(cut)
  }
}

/** Takes jobs of the queue, queues reactions to evidence, publishes the daily checkpoint. Returns what stops it all. */
async function work(installation: Installation, commitments: Commitment[]): Promise<() => Promise<void>> {
  const [jobs, reactions] = await Promise.all([allJobs(commitments), reactionsOf(commitments)])
  await installation.db.migrate([reactionMigrations])
  const worker = await startWorker(installation, jobs)
  const stopPublishing = publishEachDay(installation)
  const stopReacting = keepReacting(installation, reactions)
  return async () => {
    stopPublishing()
    stopReacting()
    await worker.stop()
  }
}

async function allJobs(commitments: Commitment[]): Promise<Jobs> {
  const jobs: Jobs = {}
  for (const commitment of commitments)
    for (const [name, handle] of Object.entries((await commitment.jobs?.()) ?? {})) {
      if (Object.hasOwn(jobs, name))
        throw new AvouchError('internal', `Two commitments have a job named ${name}`, {
          where: commitment.name,
        })
      jobs[name] = handle
    }
  return jobs
}
