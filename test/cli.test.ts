import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { removeTestHome } from '@avouch/core/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CATALOGUE } from './house/catalogue.ts'
import {
  type CommandLine,
  commandLine,
  commandLineHere,
  type Failure,
  type Gate,
  testFolders,
} from './house/command-line.ts'

const RELEASE = 'example-model@2.0'

const folders = testFolders()
const newFolder = () => folders.fresh()
afterAll(() => folders.remove())

describe('the command line on a fresh home with the embedded database', () => {
  it('says what it has: a verdict with every obligation, exit 1, and a doctor who finds nothing', async () => {
    const home = join(await newFolder(), 'home')
    await mkdir(home)
    try {
      const avouch = commandLine(home)
      const { status, document } = await avouch.json<Gate>(['gate', RELEASE])
      expect(status).toBe(1)
      expect(Object.keys(document)).toEqual(
        expect.arrayContaining([
          'release',
          'ready',
          'scope',
          'obligations',
          'thresholds',
          'openFindings',
          'holds',
          'decision',
        ]),
      )
      expect(document).toMatchObject({ release: RELEASE, ready: false, scope: { decision: 'undecided' } })
      expect(document).toMatchObject({ openFindings: [], holds: [], decision: null })
      expect(document.obligations.map(({ id }) => id)).toEqual(CATALOGUE.map(([id]) => id))
      for (const { id, status: is, why, evidence } of document.obligations) {
        expect(is, id).toBe('missing')
        expect(why.length, id).toBeGreaterThan(10)
        expect(evidence, id).toEqual([])
      }
      const { document: doctor } = await avouch.json<{
        ok: boolean
        checks: { name: string; ok: boolean }[]
      }>(['doctor'])
      // What other homes left on this machine is a finding, and not this home's.
      expect(doctor.checks.filter(({ name, ok }) => !ok && name !== 'left-over databases')).toEqual([])
    } finally {
      await removeTestHome(home)
    }
  })
})

describe('the command line without an installation', () => {
  let avouch: CommandLine
  let here: CommandLine
  let dir: string
  beforeAll(async () => {
    dir = await newFolder()
    avouch = commandLine(dir)
    here = commandLineHere(dir)
  })
  afterAll(async () => {
    // Wrong usage is refused before anything is made.
    expect(await readdir(dir)).toEqual([])
  })

  it.each([
    [['nonsense'], /no command "nonsense"/],
    [['log', 'nonsense'], /no subcommand "nonsense"/],
    [['log'], /needs a subcommand/],
    [[], /no command is given/],
    [['gate'], /needs NAME@VERSION/],
    [['gate', RELEASE, 'more'], /does not know what to do with "more"/],
    [['gate', RELEASE, '--nope'], /--nope/],
    [['hold', RELEASE], /--reason is missing/],
    [['evidence', 'list', '--limit', 'many'], /--limit many/],
    [['demo', '--once=yes'], /--once/],
    [['verify', 'no-such-file'], /nothing to check/],
    [['restore', 'no-such-folder'], /AVOUCH_BACKUP_PASSPHRASE|passphrase/],
    [['doctor', '--home'], /--home needs a folder/],
  ])('%j is bad usage: exit 2, one document, what to do', async (words, message) => {
    const { status, document } = await here.json<Failure>(words)
    expect(status).toBe(2)
    expect(document.error.message).toMatch(message)
    expect(['usage', 'input']).toContain(document.error.code)
    if (document.error.code === 'usage') expect(document.error.fix).toMatch(/\S{3,}.*\.$/)
  })

  it('says the same in words on stderr, and nothing on stdout', async () => {
    const words = ['gate', RELEASE, '--nope']
    const { status, stdout, stderr } = await avouch.run(words)
    expect(await here.run(words)).toEqual({ status, stdout, stderr })
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^avouch: .*--nope.*\n {2}to do: Run `avouch gate --help`\.\n$/)
  })

  it('exits 3 on a failure outside: a database or an address that does not answer', async () => {
    const database = await avouch.json<Failure>(['gate', RELEASE], {
      AVOUCH_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      AVOUCH_HOME: join(await newFolder(), 'home'),
    })
    expect(database.status).toBe(3)
    expect(database.document.error.code).toBe('database')
    const network = await here.json<Failure>(['verify', 'http://127.0.0.1:1/report.html'])
    expect(network.status).toBe(3)
    expect(network.document.error.code).toBe('network')
    const setting = await here.json<Failure>(['doctor'], { AVOUCH_PORT: 'many' })
    expect(setting).toMatchObject({
      status: 2,
      document: { error: { code: 'config', where: 'AVOUCH_PORT' } },
    })
  })
})

describe('the help', () => {
  it('stands on stdout for every verb and subcommand, with each option', async () => {
    const avouch = commandLine(await newFolder())
    const { commands } = await import('../apps/cli/src/commands.ts')
    const { main } = await import('../apps/cli/src/run.ts')
    const { kebab } = await import('../apps/cli/src/arguments.ts')
    const { discoverCommitments } = await import('@avouch/core/discover')
    const verbs: [string, () => Promise<import('@avouch/core/verb').Verb>][] = [
      ...Object.entries(commands).map(([name, { load }]) => [name, load] as [string, typeof load]),
      ...(await discoverCommitments()).flatMap(({ verb }) =>
        verb ? [[verb.name, verb.load] as [string, typeof verb.load]] : [],
      ),
    ]
    const temporary = await newFolder()
    const overview = await avouch.run(['--help'], { TMPDIR: temporary, NODE_COMPILE_CACHE: '' })
    expect(overview.status).toBe(0)
    // compiled code that others could write would be theirs to run
    expect(await readdir(temporary)).toEqual([])
    for (const [name] of verbs) expect(overview.stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'))

    const asked: { words: string[]; mentions: string[] }[] = []
    for (const [name, load] of verbs) {
      const verb = await load()
      const many = Object.keys(verb).length > 1
      if (many) asked.push({ words: [name], mentions: Object.keys(verb).filter((sub) => sub !== '') })
      for (const [sub, { options, positionals }] of Object.entries(verb))
        if (sub !== '' || !many)
          asked.push({
            words: sub === '' ? [name] : [name, sub],
            mentions: [
              ...Object.keys(options ?? {}).map((option) => `--${kebab(option)}`),
              ...Object.keys(positionals ?? {}).map((given) => given.replace(/[?…]$/, '')),
              '--json',
              '--home',
            ],
          })
    }
    expect(asked.length).toBeGreaterThan(30)
    // The first in a process of its own; the rest here, where a start costs nothing.
    const { words: first } = asked[0]!
    const spawned = await avouch.run([...first, '--help'])
    const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    try {
      for (const { words, mentions } of asked) {
        printed.mockClear()
        const status = await main([...words, '--help'])
        const stdout = printed.mock.calls.map(([text]) => text).join('')
        expect({ words, status }).toEqual({ words, status: 0 })
        if (words === first) expect(spawned).toEqual({ status, stdout, stderr: '' })
        for (const mention of mentions) expect(stdout, `avouch ${words.join(' ')}`).toContain(mention)
      }
    } finally {
      printed.mockRestore()
    }
  })
})
