import { AvouchError } from '@avouch/core/errors'
import { roomFor } from '../media/room.ts'
import { giveParcels } from './pipe.ts'
import { serve } from './serve.ts'

/** Jobs that do what jobs must not. */
serve({
  echo: (given: unknown) => given,
  throws: () => {
    throw new AvouchError('input', 'it is none', { where: 'here', fix: 'Use another.' })
  },
  leaves: () => process.exit(0),
  crashes: () =>
    new Promise(() => {
      setImmediate(() => {
        throw new Error('nobody catches this')
      })
    }),
  spins: () => {
    for (;;);
  },
  hoards: () => {
    const all: number[][] = []
    for (;;) all.push(new Array(10_000).fill(all.length))
  },
  fills: () => {
    const all: Buffer[] = []
    for (;;) all.push(Buffer.alloc(2 ** 24, 1))
  },
  misplaces: () => {
    process.send?.({ done: { here: 1 }, parcels: [{ at: ['__proto__', 'there'], bytes: 5_000 }] })
    giveParcels([new Uint8Array(5_000)])
    return new Promise(() => {})
  },
  announces: () => {
    process.send?.({ done: null, parcels: [{ at: [], bytes: 2 ** 40 }] })
    return new Promise(() => {})
  },
  kills: () => process.kill(process.pid, 'SIGSEGV'),
  /** Asks for room several times at once, as who reads several files. */
  grabs: async (...bytes: number[]) => {
    await Promise.all(bytes.map(roomFor))
    return bytes.length
  },
  /** Takes room for a while, and tells from when to when it had it. */
  takes: async (bytes: number, milliseconds: number) => {
    await roomFor(bytes)
    const from = Date.now()
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    return [from, Date.now()]
  },
})
