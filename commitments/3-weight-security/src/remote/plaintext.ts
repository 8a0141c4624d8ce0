import { setTimeout as pause } from 'node:timers/promises'
import { AvouchError } from '@avouch/core/errors'
import type { RemoteLease, RemoteServer } from './server.ts'

/** So often in a row a connection may bring nothing before it is given up. */
const TRIES = 6
const FIRST_PAUSE_MS = 250

export type RemoteRead = {
  lease: RemoteLease
  /** From byte `start` to `end` of the object, both included, within the lease. */
  start: number
  end: number
  signal: AbortSignal
}

/**
 * The bytes of an object from elsewhere, in order. Where a connection breaks it is asked for the rest, with longer and
 * longer pauses (`firstPause`, milliseconds) while nothing comes. What was on its way is charged to the budgets once more.
 * Throws what the server refuses, and `network` where it stays out of reach.
 */
export async function* remotePlaintext(
  server: RemoteServer,
  { lease, start, end, signal }: RemoteRead,
  firstPause = FIRST_PAUSE_MS,
): AsyncGenerator<Uint8Array> {
  let at = start
  for (let failures = 0; ; ) {
    try {
      for await (const chunk of server.read(lease, at, end, signal)) {
        at += chunk.length
        failures = 0
        yield chunk
      }
      return
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof AvouchError) || error.code !== 'network' || ++failures === TRIES) throw error
      // all of it may be there already
      if (at > end && end >= start) return
      await pause(firstPause * 2 ** (failures - 1), undefined, { signal })
    }
  }
}
