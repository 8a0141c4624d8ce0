import type { Change } from '../attack.ts'
import { opened, part, type Raw, rawOf, through } from '../picture-raw.ts'

const combination = (name: string, title: string, apply: (picture: Raw) => Promise<Raw>): Change<Raw> => ({
  kind: 'change',
  name,
  title,
  family: 'combination',
  expected: 'survives',
  apply,
})

function resized(picture: Raw, by: number): Promise<Raw> {
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * by)))
  return rawOf(opened(picture).resize(width, height, { fit: 'fill' }))
}

/** What happens to a picture that is passed on: several of the changes, one after the other. */
export default [
  combination('share', 'Resized to 50 %, JPEG 50', async (picture) =>
    through(opened(await resized(picture, 0.5)).jpeg({ quality: 50 })),
  ),
  combination('trim-share', 'Resized to 70 %, cropped to 75 %, JPEG 60', async (picture) => {
    const small = await resized(picture, 0.7)
    const [width, height] = [Math.round(small.width * 0.866), Math.round(small.height * 0.866)]
    const trimmed = part(small, (small.width - width) >> 1, (small.height - height) >> 2, width, height)
    return through(opened(trimmed).jpeg({ quality: 60 }))
  }),
  combination('turn-share', 'Turned by 3°, resized to 80 %, JPEG 70', async (picture) => {
    const turned = await rawOf(opened(picture).rotate(3, { background: '#808080' }))
    return through(opened(await resized(turned, 0.8)).jpeg({ quality: 70 }))
  }),
  combination('twice', 'JPEG 60, then WebP 60', async (picture) => {
    const once = await through(opened(picture).jpeg({ quality: 60 }))
    return through(opened(once).webp({ quality: 60, effort: 3 }))
  }),
]
