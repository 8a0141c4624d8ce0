import type { Change } from '../attack.ts'
import type { Raw } from '../picture-raw.ts'

const erase: Change<Raw> = {
  kind: 'change',
  name: 'erase-25',
  title: '25 % of the area painted over',
  family: 'damage',
  expected: 'survives',
  apply(picture, random) {
    const [wide, high] = [picture.width >> 1, picture.height >> 1]
    const left = random.below(picture.width - wide + 1)
    const top = random.below(picture.height - high + 1)
    const pixels = Uint8Array.from(picture.pixels)
    for (let y = top; y < top + high; y++)
      pixels.fill(200, (y * picture.width + left) * 3, (y * picture.width + left + wide) * 3)
    return { ...picture, pixels }
  },
}
export default [erase]
