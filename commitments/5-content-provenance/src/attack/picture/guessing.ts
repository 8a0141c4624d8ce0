import { guessing } from '../guessing.ts'
import type { Raw } from '../picture-raw.ts'

export default [guessing<Raw>()]
