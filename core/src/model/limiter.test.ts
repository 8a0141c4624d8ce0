import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { abortsOf } from './aborts.ts'
import { Limiter } from './limiter.ts'

it('lets as many through as allowed, and the rest in the order they came', async () => {
  const limiter = new Limiter({ concurrency: 2 })
  expect(limiter.acquire(1, undefined)).toBeUndefined()
  expect(limiter.acquire(1, undefined)).toBeUndefined()
  const order: number[] = []
  const waiting = [1, 2, 3].map((n) => limiter.acquire(1, undefined)?.then(() => order.push(n)))
  await turn()
  expect(order).toEqual([])
  limiter.release()
  await waiting[0]
  expect(order).toEqual([1])
  limiter.release()
  limiter.release()
  await Promise.all(waiting)
  expect(order).toEqual([1, 2, 3])
  expect(limiter.inFlight).toBe(2)
})

it('does not let a late call overtake one that waits', async () => {
  const limiter = new Limiter({ concurrency: 1 })
  limiter.acquire(1, undefined)
  const first = limiter.acquire(1, undefined)
  const second = limiter.acquire(1, undefined)
  expect(second).toBeDefined()
  limiter.release()
  await first
  limiter.release()
  await second
})

it('rejects what waits on abort, and leaves no hole in the queue', async () => {
  const limiter = new Limiter({ concurrency: 1 })
  limiter.acquire(1, undefined)
  const controller = new AbortController()
  const aborts = abortsOf(controller.signal)
  const gone = limiter.acquire(1, aborts)
  const stays = limiter.acquire(1, undefined)
  controller.abort(new Error('enough'))
  await expect(gone).rejects.toThrow('enough')
  expect(aborts.size).toBe(0)
  limiter.release()
  await stays
  limiter.release()
  expect(limiter.inFlight).toBe(0)
})

it('halves on "too many", once for calls of the same time, and grows back by one a round', () => {
  const limiter = new Limiter({ concurrency: 16 })
  const sentAt = performance.now()
  limiter.narrow(sentAt)
  limiter.narrow(sentAt)
  expect(limiter.allowed).toBe(8)
  for (let i = 0; i < 8; i += 1) limiter.widen()
  expect(limiter.allowed).toBe(8)
  for (let i = 0; i < 2; i += 1) limiter.widen()
  expect(limiter.allowed).toBe(9)
  for (let i = 0; i < 1000; i += 1) limiter.widen()
  expect(limiter.allowed).toBe(16)
  for (let i = 0; i < 20; i += 1) limiter.narrow(Number.POSITIVE_INFINITY)
  expect(limiter.allowed).toBe(1)
})

it('holds back while paused, then goes on by itself', async () => {
  const limiter = new Limiter({ concurrency: 4 })
  limiter.pause(30)
  const held = limiter.acquire(1, undefined)
  expect(held).toBeDefined()
  await held
  expect(limiter.inFlight).toBe(1)
  expect(limiter.acquire(1, undefined)).toBeUndefined()
})

it('keeps to requests and to tokens per minute', async () => {
  const requests = new Limiter({ concurrency: 10, requestsPerMinute: 6000 })
  const held = Array.from({ length: 110 }, () => {
    const wait = requests.acquire(1, undefined)
    requests.release()
    return wait
  }).filter((wait) => wait !== undefined)
  // One second's burst is a hundred.
  expect(held.length).toBeGreaterThan(0)
  expect(held.length).toBeLessThanOrEqual(10)
  await Promise.all(held)

  const tokens = new Limiter({ concurrency: 10, tokensPerMinute: 60_000 })
  expect(tokens.countsTokens).toBe(true)
  expect(tokens.acquire(1000, undefined)).toBeUndefined()
  // Used far less than estimated: what was taken too much comes back.
  tokens.release(990)
  expect(tokens.acquire(900, undefined)).toBeUndefined()
  const late = tokens.acquire(100, undefined)
  expect(late).toBeDefined()
  await late
})

it('never lets more through than allowed, loses nobody and keeps the order, whatever happens', async () => {
  const step = fc.oneof(
    fc.constant('acquire' as const),
    fc.constant('release' as const),
    fc.constant('abort' as const),
    fc.constant('narrow' as const),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(step, { maxLength: 60 }),
      async (max, steps) => {
        const limiter = new Limiter({ concurrency: max })
        const through: number[] = []
        const aborted = new Set<number>()
        const waiting: { id: number; controller: AbortController }[] = []
        const settled: Promise<unknown>[] = []
        let next = 0
        for (const what of steps) {
          if (what === 'acquire') {
            const id = next++
            const controller = new AbortController()
            const wait = limiter.acquire(1, abortsOf(controller.signal))
            if (!wait) through.push(id)
            else {
              waiting.push({ id, controller })
              settled.push(
                wait.then(
                  () => through.push(id),
                  () => aborted.add(id),
                ),
              )
            }
          } else if (what === 'release' && limiter.inFlight > 0) limiter.release()
          else if (what === 'abort') waiting.pop()?.controller.abort()
          else if (what === 'narrow') limiter.narrow(Number.POSITIVE_INFINITY)
          expect(limiter.inFlight).toBeLessThanOrEqual(max)
          await turn()
        }
        for (let i = 0; i < 200 && limiter.inFlight > 0; i += 1) limiter.release()
        await Promise.all(settled)
        expect(through).toEqual(through.toSorted((a, b) => a - b))
        expect(through.length + aborted.size).toBe(next)
      },
    ),
  )
})

it('refuses what waits and what comes once closed', async () => {
  const limiter = new Limiter({ concurrency: 1 })
  limiter.acquire(1, undefined)
  const waiting = limiter.acquire(1, undefined)
  limiter.close()
  await expect(waiting).rejects.toMatchObject({ code: 'unavailable' })
  expect(() => limiter.acquire(1, undefined)).toThrow(/closed/)
})
