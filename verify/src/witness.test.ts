import { describe, expect, it } from 'vitest'
import { formatAddCheckpoint, parseAddCheckpoint, parseWitnessAnswer } from './witness.ts'

// The example of C2SP tlog-witness.
const BODY = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`

describe('the witness protocol', () => {
  it("reads and writes the specification's example", () => {
    const request = parseAddCheckpoint(BODY)
    expect(request).toMatchObject({ oldSize: 20852014, proof: { length: 4 } })
    expect(request.checkpoint.startsWith('example.com/behind-the-sofa\n20852163\n')).toBe(true)
    expect(formatAddCheckpoint(request)).toBe(BODY)
    expect(formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint: 'a' })).toBe('old 0\n\na')
  })

  it.each([
    ['an old size with a zero before it', BODY.replace('old 2', 'old 02')],
    ['no old size', BODY.replace('old ', '')],
    ['a short hash', BODY.replace('PlRN', '')],
    ['a proof from nothing', BODY.replace('20852014', '0')],
    ['no empty line', 'old 0\n'],
    ['too many hashes', `old 1\n${'PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n'.repeat(64)}\na`],
  ])('refuses %s', (_, body) => {
    expect(() => parseAddCheckpoint(body)).toThrow(expect.objectContaining({ name: 'VerifyError' }))
  })

  it('reads the lines of an answer', () => {
    const answer =
      '— witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==\n'
    expect(parseWitnessAnswer(answer + answer)).toHaveLength(2)
    expect(parseWitnessAnswer(answer)[0]).toMatchObject({
      name: 'witness.example/w1',
      signature: { length: 72 },
    })
    expect(() => parseWitnessAnswer(answer.trimEnd())).toThrow(expect.objectContaining({ code: 'note' }))
  })
})
