import type { Samples } from '../../media/sound/samples.ts'
import { guessing } from '../guessing.ts'

export default [guessing<Samples>()]
