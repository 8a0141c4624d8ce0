import type { Change } from '../attack.ts'
import { opened, type Raw, rawOf } from '../picture-raw.ts'

/** Turned about its middle on a larger grey canvas, so that nothing is cut off. */
export default [1, 5, 10, 45, 90].map(
  (degrees): Change<Raw> => ({
    kind: 'change',
    name: `rotate-${degrees}`,
    title: `Turned by ${degrees}°`,
    family: 'geometry',
    expected: 'survives',
    apply: (picture) => rawOf(opened(picture).rotate(degrees, { background: '#808080' })),
  }),
)
