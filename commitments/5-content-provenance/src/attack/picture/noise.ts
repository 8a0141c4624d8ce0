import type { Change } from '../attack.ts'
import { mapped, type Raw } from '../picture-raw.ts'

/** Standard deviation in steps of 255. */
const DEVIATION = 15

const noise: Change<Raw> = {
  kind: 'change',
  name: 'noise',
  title: `Noise (Gauss, σ ${DEVIATION} of 255)`,
  family: 'filter',
  expected: 'survives',
  apply(picture, random) {
    return mapped(picture, (value) => value + DEVIATION * random.normal())
  },
}
export default [noise]
