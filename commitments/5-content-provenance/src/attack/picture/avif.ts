import type { Change } from '../attack.ts'
import { opened, type Raw, through } from '../picture-raw.ts'

export default [40].map(
  (quality): Change<Raw> => ({
    kind: 'change',
    name: `avif-${quality}`,
    title: `AVIF at quality ${quality}`,
    family: 'compression',
    expected: 'survives',
    apply: (picture) => through(opened(picture).avif({ quality, effort: 2 })),
  }),
)
