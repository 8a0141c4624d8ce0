import { expect, it } from 'vitest'
import type { Manifest } from '../manifest/manifest.ts'
import type { FoundMark } from '../media/family.ts'
import type { Registered } from '../register/register.ts'
import type { Likeness } from './likeness.ts'
import { judge } from './verdict.ts'
import { verdictWords } from './words.ts'

const registered: Registered = {
  contentId: '0123456789ab',
  maker: { service: 'pictures', model: 'example-model@2.0' },
  family: 'picture',
  kind: 'jpeg',
  markedAt: new Date(0),
  watermark: true,
  width: 640,
  height: 480,
  milliseconds: undefined,
  hash: new Uint8Array(32),
  quality: 50,
  layout: new Uint8Array(512),
  manifestLabel: 'urn:c2pa:one',
}
const manifest: Manifest = {
  label: 'urn:c2pa:one',
  generator: 'Avouch',
  signer: { organisation: 'Example Company', name: undefined, serial: '1' },
  signatureHolds: true,
  bytesMatch: true,
  wellFormed: true,
  trusted: false,
  own: true,
  signedAt: undefined,
  actions: [],
  softBindings: [],
  parents: 0,
  failures: [],
}
const mark: FoundMark = {
  service: 1,
  contentId: '0123456789ab',
  confidence: 90,
  bitErrors: 3,
  scale: 1,
  rotation: 0,
  mirrored: false,
}
const same: Likeness = { distance: 0, agreement: 1, shapeKept: true, judgement: 'same' }
const other: Likeness = { distance: 128, agreement: 0.5, shapeKept: true, judgement: 'other' }
const untold: Likeness = {
  distance: 128,
  agreement: undefined,
  shapeKept: false,
  judgement: 'cannot be told',
}

const judged = (given: { manifest?: Manifest; mark?: FoundMark; likeness?: Likeness; known?: boolean }) =>
  judge({
    family: 'picture',
    manifest: given.manifest ? { state: 'found', manifest: given.manifest } : { state: 'absent' },
    mark: given.mark,
    registered: given.known === false ? undefined : registered,
    likeness: given.likeness,
    alike: undefined,
  })

it('a manifest that holds is not believed where what is seen is something else', () => {
  expect(judged({ manifest, likeness: same })).toMatchObject({ verdict: 'ours', by: 'manifest' })
  // a picture hidden in what the hash leaves out, and shown in the place of the one that was signed
  for (const likeness of [other, untold])
    expect(judged({ manifest, likeness })).toMatchObject({ verdict: 'no mark found', copied: true })
  // too short a sound to be compared, whose hash is what it was
  expect(judged({ manifest, likeness: { ...untold, distance: 0 } })).toMatchObject({ verdict: 'ours' })
})

it('a manifest made for other bytes that hardly show anything says nothing of what looks the same', () => {
  const moved = { ...manifest, bytesMatch: false, wellFormed: false }
  expect(judged({ manifest: moved, likeness: same })).toMatchObject({ verdict: 'ours, altered' })
  registered.quality = 3
  expect(judged({ manifest: moved, likeness: same })).toMatchObject({
    verdict: 'no mark found',
    copied: false,
  })
  registered.quality = 50
})

it('a mark that nothing confirms is said to be one that may have been copied', () => {
  expect(judged({ mark, likeness: same })).toMatchObject({ verdict: 'ours', unconfirmed: false })
  expect(judged({ mark, likeness: other })).toMatchObject({ verdict: 'no mark found', copied: true })
  const small = judged({ mark, likeness: untold })
  expect(small).toMatchObject({ verdict: 'ours, altered', unconfirmed: true })
  expect(verdictWords(small, 'picture')).toContain('or the mark was copied here')
  const unknown = judged({ mark, known: false })
  expect(unknown).toMatchObject({ verdict: 'ours, altered', unconfirmed: true })
  expect(verdictWords(unknown, 'picture')).toContain('not in the register')
})
