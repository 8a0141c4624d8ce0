import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import { roomFor } from '../media/room.ts'
import { askBack } from './ask-back.ts'
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
  /** Asks for nothing again and again, so that its time never ends. */
  stalls: async () => {
    for (;;) await roomFor(0)
  },
  lies: () => roomFor(Number.NaN),
  /** Has something signed, and then something else. */
  asks: async (call: string) => [await askBack(call, 'one'), await askBack(call, 'two').catch(String)],
  reaches: (port: number) =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve('reached')).once('error', () => resolve('not reached'))
    }),
  knows: () => Object.keys(process.env),
  /** Writes a file, says which process it is, and goes on for ever. */
  litters: async () => {
    writeFileSync(join(tmpdir(), 'litter'), 'what somebody sent')
    await askBack('told', process.pid, tmpdir())
    for (;;);
  },
  /** Takes room for a while, and tells from when to when it had it. */
  takes: async (bytes: number, milliseconds: number) => {
    await roomFor(bytes)
    const from = Date.now()
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    return [from, Date.now()]
  },
})
