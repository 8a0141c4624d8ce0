import { LOCAL } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Subcommand, Verb } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import type { CaseResult } from '../access/policy/cases.ts'
import { CASES, policyFolder, readPolicyFiles, writeDefaults } from '../access/policy/files.ts'
import { findPolicy } from '../access/policy-store.ts'
import { columns } from './columns.ts'
import { readSmallFile } from './given.ts'

/** The engine is several megabytes of WebAssembly: loaded only by who decides something. */
const engine = async () => import('../access/policy/engine.ts')

const init: Subcommand = {
  summary:
    'Write the policies that ship into the installation, to be changed and adopted; overwrites nothing',
  async run({ installation, terminal }) {
    const written = await writeDefaults(installation.config)
    const folder = policyFolder(installation.config)
    terminal.say(
      written.length === 0 ? `All of it is there already: ${folder}` : `${written.join(', ')} → ${folder}`,
    )
    terminal.say('Say in access.yaml which projects your models belong to, then adopt them.')
    terminal.result({ folder, written })
    return 0
  },
}

const check: Subcommand = {
  summary:
    'Check that the policies can be read and speak of what there is; exits 1 where they are not in force',
  async run({ installation, terminal }) {
    const { readPolicies } = await engine()
    const { digest, policies } = readPolicies(await readPolicyFiles(policyFolder(installation.config)))
    const adopted = await findPolicy(installation.db)
    const inForce = adopted?.digest === digest
    terminal.say(
      `${counted(policies.size, 'policy', 'policies')} can be read and ${policies.size === 1 ? 'fits' : 'fit'} the schema.`,
    )
    terminal.say(
      inForce
        ? `They are in force since ${adopted.adoptedAt.toISOString()}.`
        : `They are not in force: ${adopted ? 'others were adopted' : 'none were adopted'}. Until they are, nobody may read weights.`,
    )
    terminal.result({ digest, policies: [...policies.keys()], inForce })
    return inForce ? 0 : 1
  },
}

const show: Subcommand = {
  summary: 'Show the policies, what each says of itself, and what is in force',
  options: { text: z.boolean().default(false).describe('The text of the files too') },
  async run({ installation, terminal, options }) {
    const files = await readPolicyFiles(policyFolder(installation.config))
    const { digest, policies, settings } = (await engine()).readPolicies(files)
    const adopted = await findPolicy(installation.db)
    for (const line of columns([['policy', 'says'], ...policies])) terminal.say(line)
    terminal.say(`Digest ${digest}${adopted?.digest === digest ? ', in force' : ', not in force'}.`)
    if (options.text === true)
      for (const [name, text] of Object.entries(files)) terminal.say(`\n── ${name}\n${text}`)
    terminal.result({
      digest,
      inForce: adopted ?? null,
      policies: Object.fromEntries(policies),
      settings,
      files,
    })
    return 0
  },
}

const test: Subcommand = {
  summary:
    'Put cases to the policies: who asks what, and what is expected; exits 1 where one is answered otherwise',
  positionals: { 'files…?': 'YAML or JSON files of cases; default: cases.yaml beside the policies' },
  async run({ installation, terminal, args }) {
    const folder = policyFolder(installation.config)
    const files = await readPolicyFiles(folder)
    const policies = (await engine()).readPolicies(files)
    const { runCases } = await import('../access/policy/cases.ts')
    const given = args.files?.split('\0')
    if (given === undefined && files[CASES] === undefined)
      throw new AvouchError('usage', 'there is no cases.yaml beside the policies', {
        where: folder,
        fix: 'Name a file of cases.',
      })
    const results: CaseResult[] = []
    for (const file of given ?? [])
      results.push(...runCases(policies, (await readSmallFile(file, 'files')).toString('utf8'), file))
    if (given === undefined) results.push(...runCases(policies, files[CASES]!, CASES))
    const wrong = results.filter(({ expected, answered }) => expected !== answered)
    const rows = results.map((one) => [
      one.expected === one.answered ? 'ok' : 'WRONG',
      one.name,
      one.person,
      one.action,
      one.model,
      one.expected,
      one.answered,
      one.because,
    ])
    for (const line of columns([
      ['', 'case', 'who', 'what', 'model', 'expected', 'answered', 'because'],
      ...rows,
    ]))
      terminal.say(line)
    terminal.say(
      `${results.length - wrong.length} of ${counted(results.length, 'case is', 'cases are')} answered as expected.`,
    )
    terminal.result({ digest: policies.digest, cases: results, wrong: wrong.length })
    return wrong.length === 0 ? 0 : 1
  },
}

const adopt: Subcommand = {
  summary:
    'Put the policies of the installation in force and record it; their own cases must be answered as expected',
  async run({ installation, terminal }) {
    const { adoptPolicies } = await import('../access/policy/adopt.ts')
    const { evidence, digest, policies, isNew } = await adoptPolicies(installation, LOCAL)
    await installation.evidence.logged([evidence])
    terminal.say(
      `${counted(policies.policies.size, 'policy', 'policies')} now in force${isNew ? '' : ', as before'}: ${digest}, evidence ${evidence}.`,
    )
    terminal.result({ digest, evidence, isNew, policies: [...policies.policies.keys()] })
    return 0
  },
}

export const policyCommands: Verb = {
  'policy init': init,
  'policy check': check,
  'policy show': show,
  'policy test': test,
  'policy adopt': adopt,
}
