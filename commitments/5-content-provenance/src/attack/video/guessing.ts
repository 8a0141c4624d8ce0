import type { Scheme } from '../attack.ts'
import type { Clip } from '../video-raw.ts'

/** The method is public: whoever knows it marks under a key of their own and hopes. */
const guessing: Scheme<Clip, Promise<Clip>> = {
  kind: 'forgery',
  name: 'guessing',
  title: 'A mark made under a guessed key',
  expected: 'fails',
  files: 1,
  attempt: ({ files, guess }) => guess(files[0]!),
}
export default [guessing]
