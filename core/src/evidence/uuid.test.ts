import { expect, it } from 'vitest'
import { uuidv7 } from './uuid.ts'

it('is a UUID version 7 that orders by time and does not repeat', () => {
  const moments = [0, 1, 255, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + 1]
  const ids = moments.map((ms) => uuidv7(new Date(ms)))
  for (const [i, id] of ids.entries()) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(moments[i])
  }
  expect([...ids].sort()).toEqual(ids)
  const same = new Date()
  expect(new Set(Array.from({ length: 1000 }, () => uuidv7(same))).size).toBe(1000)
})
