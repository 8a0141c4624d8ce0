import { readSync, writeSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { release } from '../media/release.ts'
import type { Parcel } from './parcels.ts'

/** The pipe, as its number in a content process, by which parcels come and go beside messages. */
export const PIPE = 4

/** What a process may send at once, in bytes. */
const MOST = 2 ** 30

/**
 * Takes parcels out of the pipe of a content process, and calls `done` when they are there: with nothing where they are too
 * large, or there is no pipe. What it returns ends the waiting.
 */
export function receive(
  pipe: Readable | undefined,
  parcels: readonly Parcel[],
  done: (loads: Uint8Array[] | undefined) => void,
): () => void {
  const nothing = (): void => {}
  if (parcels.length === 0) {
    done([])
    return nothing
  }
  const fits = parcels.every(({ bytes }) => bytes > 0) && sumOf(parcels) <= MOST
  if (!pipe || !fits) {
    done(undefined)
    return nothing
  }
  const loads = parcels.map(({ bytes }) => new Uint8Array(bytes))
  let next = 0
  let filled = 0
  const stop = (): void => {
    pipe.off('data', take).pause()
  }
  const take = (chunk: Uint8Array): void => {
    for (let at = 0; at < chunk.length && next < loads.length; ) {
      const load = loads[next]!
      const part = chunk.subarray(at, at + load.length - filled)
      load.set(part, filled)
      at += part.length
      filled += part.length
      if (filled < load.length) continue
      next++
      filled = 0
    }
    release(chunk)
    if (next < loads.length) return
    stop()
    done(loads)
  }
  pipe.on('data', take).resume()
  return stop
}

function sumOf(parcels: readonly Parcel[]): number {
  return parcels.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** In a content process: waits for parcels that were announced. Ends the process where the program that sends them is gone. */
export function takeParcels(parcels: readonly Parcel[]): Uint8Array[] {
  return parcels.map(({ bytes }) => {
    const load = new Uint8Array(bytes)
    for (let filled = 0; filled < bytes; ) {
      const read = readSync(PIPE, load, filled, bytes - filled, null)
      if (read === 0) process.exit()
      filled += read
    }
    return load
  })
}

/** In a content process: sends what was announced, and waits until it is taken. */
export function giveParcels(loads: readonly Uint8Array[]): void {
  for (const load of loads)
    for (let sent = 0; sent < load.length; ) sent += writeSync(PIPE, load, sent, load.length - sent)
}
