import { guessing } from '../guessing.ts'
import type { Clip } from '../video-raw.ts'

export default [guessing<Clip, Promise<Clip>>()]
