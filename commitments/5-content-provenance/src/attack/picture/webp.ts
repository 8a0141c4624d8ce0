import type { Change } from '../attack.ts'
import { opened, type Raw, through } from '../picture-raw.ts'

export default [50].map(
  (quality): Change<Raw> => ({
    kind: 'change',
    name: `webp-${quality}`,
    title: `WebP at quality ${quality}`,
    family: 'compression',
    expected: 'survives',
    apply: (picture) => through(opened(picture).webp({ quality, effort: 3 })),
  }),
)
