import type { Change } from '../attack.ts'
import { opened, type Raw, through } from '../picture-raw.ts'

export default [90, 75, 50, 30].map(
  (quality): Change<Raw> => ({
    kind: 'change',
    name: `jpeg-${quality}`,
    title: `JPEG at quality ${quality}`,
    family: 'compression',
    expected: 'survives',
    apply: (picture) => through(opened(picture).jpeg({ quality })),
  }),
)
