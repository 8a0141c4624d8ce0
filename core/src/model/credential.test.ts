import { expect, it } from 'vitest'
import { credential, hideKey } from './credential.ts'

it('reads the named variable, and tells its name when it is not usable, never its value', () => {
  expect(credential({}, {})).toBeUndefined()
  expect(credential({ keyVariable: 'K' }, { K: ' secret-value\n' })).toBe('secret-value')
  expect(() => credential({ keyVariable: 'K' }, {})).toThrow(/K is not set/)
  try {
    credential({ keyVariable: 'K' }, { K: 'two words' })
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({ code: 'config', where: 'K' })
    expect(JSON.stringify(error) + String(error)).not.toContain('two words')
  }
})

it('overwrites every echo of the key and keeps the length', () => {
  const bytes = Buffer.from('a secret-value and secret-value')
  expect(String(hideKey(bytes, 'secret-value'))).toBe('a ************ and ************')
  expect(String(bytes)).toContain('secret-value')
})

it('hands back the very same bytes where there is nothing to hide', () => {
  const bytes = new Uint8Array([1, 2, 3])
  expect(hideKey(bytes, 'secret-value')).toBe(bytes)
  expect(hideKey(bytes, undefined)).toBe(bytes)
})
