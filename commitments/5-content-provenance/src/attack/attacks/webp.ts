import type { Change } from '../attack.ts'
import { opened, through } from '../raw.ts'

export default [50].map(
  (quality): Change => ({
    kind: 'change',
    name: `webp-${quality}`,
    title: `WebP at quality ${quality}`,
    family: 'compression',
    expected: 'survives',
    apply: (picture) => through(opened(picture).webp({ quality, effort: 3 })),
  }),
)
