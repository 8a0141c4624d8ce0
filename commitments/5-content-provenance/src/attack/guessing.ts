import type { Scheme } from './attack.ts'

/** The method is public: whoever knows it marks under a key of their own and hopes. The same in every medium. */
export function guessing<M, Made extends M | Promise<M> = M>(): Scheme<M, Made> {
  return {
    kind: 'forgery',
    name: 'guessing',
    title: 'A mark made under a guessed key',
    expected: 'fails',
    files: 1,
    attempt: ({ files, guess }) => guess(files[0]!),
  }
}
