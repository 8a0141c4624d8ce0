import { describe, expect, it } from 'vitest'
import { laidOut } from './laid-out.ts'

describe('text of a model, laid out', () => {
  it('is readable where it is JSON, and left alone where that would make it many times longer', () => {
    expect(laidOut('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}')
    expect(laidOut('{"a":')).toBe('{"a":')
    const deep = `${'['.repeat(9000)}${']'.repeat(9000)}`
    expect(laidOut(deep)).toBe(deep)
    const long = JSON.stringify('x'.repeat(300_000))
    expect(laidOut(long)).toBe(long)
  })
})
