import type { Scheme } from '../attack.ts'

/** The method is public: whoever knows it marks under a key of their own and hopes. */
const guessing: Scheme = {
  kind: 'forgery',
  name: 'guessing',
  title: 'A mark made under a guessed key',
  expected: 'fails',
  pictures: 1,
  attempt: ({ pictures, guess }) => guess(pictures[0]!),
}
export default [guessing]
