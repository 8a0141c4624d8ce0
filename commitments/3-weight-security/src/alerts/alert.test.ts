import { describe, expect, it } from 'vitest'
import { keyOf, type RaisedAlert } from './alert.ts'

const unusual: RaisedAlert = {
  time: '2026-03-02T03:00:00.000Z',
  person: 'person-1',
  people: ['person-1'],
  model: 'example-model@1',
  score: 6,
  reasons: ['2.5 GB in one hour'],
  window: { from: '2026-03-02T03:00:00.000Z', to: '2026-03-02T03:00:00.000Z' },
  groups: ['volume'],
  timeline: [],
}
const touched = (reasons: string[]): RaisedAlert => ({ ...unusual, score: 9, groups: ['bait'], reasons })

describe('what makes two alerts the same', () => {
  it('is whom and what they are about and when, not how it was put into words', () => {
    expect(keyOf({ ...unusual, score: 5, reasons: ['2.6 GB in one hour'] })).toEqual(keyOf(unusual))
    expect(keyOf({ ...unusual, person: 'person-2' })).not.toEqual(keyOf(unusual))
  })

  it('is the bait too: one act that is unusual and touched bait raises both', () => {
    const sink = touched(['they touched sink usb'])
    expect(keyOf(sink)).not.toEqual(keyOf(unusual))
    expect(keyOf(sink)).not.toEqual(keyOf(touched(['they touched host example'])))
    expect(keyOf(sink)).toEqual(keyOf(touched(['they touched sink usb'])))
  })
})
