import { openPool } from './pool.ts'

/** A program that gives a job which does not end, and says which process does it. */
const pool = openPool({
  module: new URL('./misbehaving.fixture.ts', import.meta.url),
  processes: 1,
  waiting: 1,
  seconds: 60,
  heapMib: 64,
  memoryMib: 1_024,
  roomBytes: 100,
})
const told = async (pid: number): Promise<void> => {
  process.stdout.write(`${pid}\n`)
}
await pool.ask('litters', [], { calls: { told } })
