import type { Change } from '../attack.ts'
import { mapped, type Raw } from '../picture-raw.ts'

/** Brightness about black, contrast about middle grey. */
export default [
  { name: 'brightness', title: 'Brightness', about: 0 },
  { name: 'contrast', title: 'Contrast', about: 128 },
].flatMap(({ name, title, about }) =>
  [0.5, 1.5].map(
    (factor): Change<Raw> => ({
      kind: 'change',
      name: `${name}-${factor * 100}`,
      title: `${title} × ${factor}`,
      family: 'light',
      expected: 'survives',
      apply: (picture) => mapped(picture, (value) => (value - about) * factor + about),
    }),
  ),
)
