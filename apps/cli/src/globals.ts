import { AvouchError } from '@avouch/core/errors'

/** The options that every command has, taken out of the command line wherever they stand before `--`. */
export function splitGlobals(argv: string[]): {
  rest: string[]
  json: boolean
  help: boolean
  home: string | undefined
  /** What is wrong with them; thrown once it is known how errors are to be shown. */
  problem: AvouchError | undefined
} {
  const rest: string[] = []
  let json = false
  let help = false
  let home: string | undefined
  let problem: AvouchError | undefined
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!
    if (word === '--') {
      rest.push(...argv.slice(i))
      break
    }
    if (word === '--json') json = true
    else if (word === '--help' || word === '-h') help = true
    else if (word === '--home') {
      home = argv[i + 1]
      if (home === undefined || home.startsWith('-'))
        problem = new AvouchError('usage', '--home needs a folder', {
          where: '--home',
          fix: 'Name one, such as --home ./.avouch.',
        })
      else i++
    } else if (word.startsWith('--home=')) home = word.slice('--home='.length)
    else rest.push(word)
  }
  return { rest, json, help, home, problem }
}
