import type { Change } from '../attack.ts'
import { opened, through } from '../raw.ts'

export default [40].map(
  (quality): Change => ({
    kind: 'change',
    name: `avif-${quality}`,
    title: `AVIF at quality ${quality}`,
    family: 'compression',
    expected: 'survives',
    apply: (picture) => through(opened(picture).avif({ quality, effort: 2 })),
  }),
)
