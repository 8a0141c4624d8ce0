import type { Change } from '../attack.ts'
import { opened, type Raw, rawOf } from '../picture-raw.ts'

export default [25, 50, 70, 150].map(
  (percent): Change<Raw> => ({
    kind: 'change',
    name: `resize-${percent}`,
    title: `Resized to ${percent} % of its sides`,
    family: 'geometry',
    expected: 'survives',
    apply: (picture) =>
      rawOf(
        opened(picture).resize(
          Math.max(1, Math.round((picture.width * percent) / 100)),
          Math.max(1, Math.round((picture.height * percent) / 100)),
          { kernel: 'lanczos3', fit: 'fill' },
        ),
      ),
  }),
)
