import type { Samples } from '../../media/sound/samples.ts'
import type { Scheme, Workshop } from '../attack.ts'
import { between, differenceAt, laidOver } from '../sound-raw.ts'

/** So many marked sounds are averaged, and so many seconds of each. */
const MANY = 8
const SECONDS = 12

const start = (sound: Samples): Samples => between(sound, 0, SECONDS)

/** What marking changes in all sounds alike: nothing, if no pattern stays the same. */
function pattern({ files, mark }: Workshop<Samples>, rate: number): Float32Array {
  const differences = files.slice(0, MANY).map((file) => {
    const sound = start(file)
    return differenceAt(sound, mark(sound), rate)
  })
  const mean = new Float32Array(Math.min(...differences.map(({ length }) => length)))
  for (const own of differences)
    for (let at = 0; at < mean.length; at++) mean[at] = mean[at]! + own[at]! / MANY
  return mean
}

const forgery: Scheme<Samples> = {
  kind: 'forgery',
  name: 'averaging-forgery',
  title: `What marking changed in ${MANY} sounds, averaged and added to an unmarked one`,
  expected: 'fails',
  files: MANY + 1,
  attempt(workshop) {
    const target = start(workshop.files[MANY]!)
    return laidOver(target, pattern(workshop, target.rate), MANY)
  },
}

const removal: Scheme<Samples> = {
  kind: 'removal',
  name: 'averaging-removal',
  title: `What marking changed in ${MANY} sounds, averaged and taken off another marked one`,
  expected: 'fails',
  files: MANY + 1,
  attempt(workshop) {
    const target = start(workshop.files[MANY]!)
    return laidOver(workshop.mark(target), pattern(workshop, target.rate), -1)
  },
}
export default [forgery, removal]
