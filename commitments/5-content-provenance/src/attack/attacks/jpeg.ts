import type { Change } from '../attack.ts'
import { opened, through } from '../raw.ts'

export default [90, 75, 50, 30].map(
  (quality): Change => ({
    kind: 'change',
    name: `jpeg-${quality}`,
    title: `JPEG at quality ${quality}`,
    family: 'compression',
    expected: 'survives',
    apply: (picture) => through(opened(picture).jpeg({ quality })),
  }),
)
