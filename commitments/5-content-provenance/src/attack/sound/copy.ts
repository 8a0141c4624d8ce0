import type { Samples } from '../../media/sound/samples.ts'
import type { Scheme } from '../attack.ts'
import { differenceAt, laidOver } from '../sound-raw.ts'

/** Laid on more thickly than it was, for it must drown what the other sound has there. */
const STRENGTH = 3

/** Who had a sound marked has what marking changed in it, and adds that to another sound. */
const copy: Scheme<Samples> = {
  kind: 'forgery',
  name: 'copy',
  title: 'What marking changed in one sound, added to another',
  expected: 'fails',
  files: 2,
  attempt({ files, mark }) {
    const [one, other] = [files[0]!, files[1]!]
    return laidOver(other, differenceAt(one, mark(one), other.rate), STRENGTH)
  },
}
export default [copy]
