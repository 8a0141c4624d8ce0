import { expect, it } from 'vitest'
import { guardedLookup } from './connector.ts'

it('refuses a name that resolves to this machine', async () => {
  const error = await new Promise<NodeJS.ErrnoException | null>((resolve) =>
    guardedLookup(false)('localhost', { all: true }, (problem) => resolve(problem)),
  )
  expect(error).toMatchObject({ name: 'AvouchError', code: 'forbidden' })
  expect(error?.message).toContain('loopback')
})

it('answers in the form that was asked for', async () => {
  const one = await new Promise((resolve) =>
    guardedLookup(true)('localhost', {}, (_, address, family) => resolve({ address, family })),
  )
  const all = await new Promise((resolve) =>
    guardedLookup(true)('localhost', { all: true }, (_, addresses) => resolve(addresses)),
  )
  expect(all).toContainEqual(one)
})
