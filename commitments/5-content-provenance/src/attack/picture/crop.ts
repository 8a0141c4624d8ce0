import type { Change } from '../attack.ts'
import { part, type Raw } from '../picture-raw.ts'

/** A part of the same shape, with so much of the area, from anywhere in the picture. */
export default [75, 50, 25].map(
  (percent): Change<Raw> => ({
    kind: 'change',
    name: `crop-${percent}`,
    title: `Cropped to ${percent} % of the area`,
    family: 'geometry',
    expected: 'survives',
    apply(picture, random) {
      const side = Math.sqrt(percent / 100)
      const width = Math.max(1, Math.round(picture.width * side))
      const height = Math.max(1, Math.round(picture.height * side))
      const left = random.below(picture.width - width + 1)
      return part(picture, left, random.below(picture.height - height + 1), width, height)
    },
  }),
)
