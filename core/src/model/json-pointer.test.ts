import { expect, it } from 'vitest'
import { valueAt } from './json-pointer.ts'

// RFC 6901, section 5.
const DOCUMENT: unknown = JSON.parse(
  '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8}',
)

it.each([
  ['', DOCUMENT],
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/e^f', 3],
  ['/g|h', 4],
  ['/i\\j', 5],
  ['/k"l', 6],
  ['/ ', 7],
  ['/m~0n', 8],
  ['/foo/2', undefined],
  ['/foo/-', undefined],
  ['/foo/01', undefined],
  ['/constructor', undefined],
  ['/foo/length', undefined],
  ['/foo/0/deeper', undefined],
])('%s', (pointer, expected) => {
  expect(valueAt(DOCUMENT, pointer)).toEqual(expected)
})
