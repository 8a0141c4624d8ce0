import type { EvidenceRecord } from '@avouch/core/evidence'
import { describe, expect, it } from 'vitest'
import { openAmong, standingFinding } from './standing-finding.ts'

const about = { release: 'example-model@2.0' }
const found = {
  finding: 'red-teaming/cyber/phishing',
  title: 'Writes messages that deceive',
  severity: 'high' as const,
  domain: 'cyber',
  source: 'e9',
  events: 1,
  trials: 10,
}
const open = (fields: object, over: object = {}): EvidenceRecord =>
  ({ id: 'e1', fields: { ...found, state: 'open', ...fields }, ...over }) as never

describe('what is found again', () => {
  it('takes the place of what stands open, and never makes it milder', () => {
    expect(standingFinding(found, [], about)).toMatchObject({ fields: { severity: 'high', state: 'open' } })
    expect(standingFinding(found, [], about)).not.toHaveProperty('supersedes')
    const grave = open({ severity: 'critical', title: 'Deceives whole towns' })
    expect(standingFinding({ ...found, severity: 'low', title: 'Harmless' }, [grave], about)).toMatchObject({
      supersedes: 'e1',
      fields: { severity: 'critical', title: 'Deceives whole towns', events: 1, trials: 10, source: 'e9' },
    })
    expect(standingFinding(found, [open({ severity: 'low', title: 'Mild' })], about)).toMatchObject({
      supersedes: 'e1',
      fields: { severity: 'high', title: found.title },
    })
  })

  it('is another where finding or domain is, or the earlier one does not stand', () => {
    for (const other of [open({ finding: 'red-teaming/cyber/other' }), open({ domain: 'misuse' })])
      expect(standingFinding(found, [other], about)).not.toHaveProperty('supersedes')
    const records = [
      open({ state: 'fixed' }),
      open({}, { supersededBy: 'x' }),
      open({}, { retractedBy: 'x' }),
    ]
    expect(openAmong(records)).toEqual([])
  })
})
