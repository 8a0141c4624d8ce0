import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '@avouch/core/db'
import { removeTestHome, testDatabase } from '@avouch/core/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CATALOGUE } from './house/catalogue.ts'
import { type CommandLine, commandLine, commandLineHere } from './house/command-line.ts'

type Failure = { error: { code: string; message: string; where?: string; fix?: string } }
type Logged = { id: string; digest: string; index: number }
type Record_ = Logged & {
  predicateType: string
  state: string
  fields: Record<string, unknown>
  supersedes?: string
}
type Gate = {
  release: string
  ready: boolean
  scope: { decision: string; why: string }
  obligations: { id: string; status: string; why: string; evidence: string[] }[]
  thresholds: { adopted: boolean; results: { id: string; status: string }[] }
  openFindings: unknown[]
  holds: { id: string; reason: string }[]
  decision: { decision: string; reason: string; decidedBy: string } | null
}
type Verdict = { status: string; signer: string; checks: { name: string; ok: boolean; detail: string }[] }

const PASSPHRASE = { AVOUCH_BACKUP_PASSPHRASE: 'four words nobody joins' }
const RELEASE = 'example-model@2.0'

const homes: string[] = []
const newFolder = async (): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), 'avouch-cli-'))
  homes.push(dir)
  return dir
}
afterAll(async () => {
  for (const dir of homes) await removeTestHome(dir)
})

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

describe('the command line on an installation', () => {
  let db: Database
  let home: string
  let work: string
  let avouch: CommandLine
  /** In a process of its own: what is recorded outlives it, and is sealed before its end. */
  let spawned: CommandLine
  let hold: Record_
  let key: string

  beforeAll(async () => {
    db = await testDatabase()
    home = await newFolder()
    work = await newFolder()
    avouch = commandLineHere(home, { AVOUCH_DATABASE_URL: db.url })
    spawned = commandLine(home, { AVOUCH_DATABASE_URL: db.url })
  })
  afterAll(() => db.close())
  const file = async (name: string, text: string | Uint8Array): Promise<string> => {
    await writeFile(join(work, name), text)
    return join(work, name)
  }
  const newest = async (type: string): Promise<Record_> =>
    (await avouch.json<Record_[]>(['evidence', 'list', '--type', type])).document.at(-1)!

  it('has nothing yet: exit 1 and says so', async () => {
    expect(await spawned.json(['log', 'head'])).toMatchObject({
      status: 1,
      document: { error: { code: 'not-found' } },
    })
    expect(await avouch.json(['evidence', 'list'])).toEqual({ status: 1, document: [] })
    expect(await avouch.json(['keys'])).toEqual({ status: 0, document: { log: null, keys: [] } })
    expect(await avouch.json(['people', 'list'])).toEqual({ status: 0, document: [] })
    expect(await avouch.json(['log', 'checkpoints'])).toEqual({ status: 0, document: [] })
    expect((await avouch.json(['log', 'export', join(work, 'nothing')])).status).toBe(1)
  })

  it('hold closes the gate at once', async () => {
    const placed = await spawned.json<{ id: string; recorded: boolean }>([
      'hold',
      RELEASE,
      '--reason',
      'An example reason',
    ])
    expect(placed).toMatchObject({ status: 0, document: { recorded: true } })
    const { status, document } = await avouch.json<Gate>(['gate', RELEASE])
    expect(status).toBe(1)
    expect(document.holds).toMatchObject([{ reason: 'An example reason' }])
    hold = await newest('core/hold/v1')
    const other = await avouch.json<Gate>(['gate', 'example-model@3.0'])
    expect(other.document.holds).toEqual([])
    expect((await avouch.json(['hold', 'no release', '--reason', 'x'])).status).toBe(2)
    expect((await avouch.json(['hold', RELEASE, '--reason', ''])).status).toBe(2)
  })

  it('gate adopt takes a thresholds file, and refuses a wrong one with what is wrong', async () => {
    const threshold = (rest: string): string =>
      `thresholds:\n  - id: breaches\n    says: Few breaches\n    evidence: red-teaming/campaign-result/v1\n    figure: /rates/all\n    side: high\n${rest}`
    for (const [name, text, says] of [
      ['both.yaml', threshold('    atMost: 0.1\n    atLeast: 0\n'), /one of atMost and atLeast/],
      ['side.yaml', threshold('    atMost: 0.1\n').replace('side: high', 'side: best'), /side/],
      ['key.yaml', threshold('    atMost: 0.1\n    unless: true\n'), /unless/],
      ['broken.yaml', 'thresholds: [', /no YAML/],
      [
        'twice.yaml',
        `${threshold('    atMost: 1\n')}${threshold('    atMost: 1\n').split('\n').slice(1).join('\n')}`,
        /twice/,
      ],
    ] as const) {
      const { status, document } = await avouch.json<Failure>(['gate', 'adopt', await file(name, text)])
      expect(status, name).toBe(2)
      expect(document.error.message, name).toMatch(says)
      expect(document.error.where, name).toContain(name)
    }
    expect((await avouch.json(['gate', 'adopt', join(work, 'absent.yaml')])).status).toBe(2)
    const good = await file('good.yaml', threshold('    atMost: 0.1\n'))
    expect(await avouch.json(['gate', 'adopt', good])).toMatchObject({ status: 0, document: { count: 1 } })
    const first = await newest('core/thresholds/v1')
    expect((await avouch.json(['gate', 'adopt', good])).status).toBe(0)
    expect((await newest('core/thresholds/v1')).supersedes).toBe(first.id)
    const { document } = await avouch.json<Gate>(['gate', RELEASE])
    expect(document.thresholds).toMatchObject({
      adopted: true,
      results: [{ id: 'breaches', status: 'unmeasured' }],
    })
  })

  it('gate exempt asks two people for an exemption, and decide records a decision with its waivers', async () => {
    const words = ['gate', 'exempt', RELEASE, '--reason', 'It makes no pictures and no sound.']
    expect((await avouch.json([...words, '--obligation', '9.9'])).status).toBe(2)
    const asked = await avouch.json([...words, '--obligation', '5.1'])
    expect(asked).toMatchObject({ status: 0, document: { approval: expect.any(String) } })
    await avouch.json(['decide', 'other@1', 'ship', '--reason', 'A test of waivers'])
    const shipped = await avouch.json<Record_[]>(['evidence', 'list', '--release', 'other@1'])
    expect(shipped.document.at(-1)!.fields.waivers).toEqual(expect.arrayContaining(['0.1', '1.1']))
    const decided = await avouch.json(['decide', RELEASE, 'hold', '--reason', 'Not tested yet'])
    expect(decided).toMatchObject({ status: 0, document: { decision: 'hold', ready: false } })
    expect((await avouch.json(['decide', RELEASE, 'perhaps', '--reason', 'x'])).status).toBe(2)
    const { status, document } = await avouch.json<Gate>(['gate', RELEASE])
    expect(status).toBe(1)
    // nobody has signed it
    expect(document.obligations.find(({ id }) => id === '5.1')).toMatchObject({ status: 'missing' })
    expect(document.decision).toMatchObject({
      decision: 'hold',
      decidedBy: 'local',
      reason: 'Not tested yet',
    })
    const { fields } = await newest('core/decision/v1')
    expect(fields.waivers).toEqual([])
  })

  it('evidence list and show answer by release, type, id and digest', async () => {
    const all = await avouch.json<Record_[]>(['evidence', 'list'])
    expect(all.document.length).toBeGreaterThan(5)
    expect(all.document.map(({ index }) => index).sort()).toEqual(all.document.map((_, i) => i))
    const about = await avouch.json<Record_[]>(['evidence', 'list', '--release', RELEASE, '--limit', '1'])
    expect(about.document).toHaveLength(1)
    expect((await avouch.json(['evidence', 'list', '--release', 'example-model@9'])).status).toBe(1)
    const shown = await avouch.json<Record_>(['evidence', 'show', hold.digest])
    expect(shown).toMatchObject({
      status: 0,
      document: { id: hold.id, fields: { reason: 'An example reason' } },
    })
    const absent = await avouch.json<Failure>(['evidence', 'show', hold.id.replaceAll(/[0-9]/g, '0')])
    expect(absent).toMatchObject({ status: 1, document: { error: { code: 'not-found' } } })
    expect((await avouch.json(['evidence', 'show', 'nonsense'])).status).toBe(1)
  })

  it('log prove makes a bundle that verify checks: verified by the home, unknown without, failed when altered', async () => {
    const out = join(work, 'hold.proof')
    expect((await avouch.json(['log', 'prove', hold.id, '--all', '--out', out])).status).toBe(0)
    const verified = await avouch.json<Verdict>(['verify', out])
    expect(verified).toMatchObject({ status: 0, document: { status: 'verified' } })
    key = verified.document.signer
    expect((await avouch.json<{ log: string }>(['keys'])).document.log).toBe(key)

    const folder = await newFolder()
    const elsewhere = commandLineHere(folder)
    expect(await commandLine(folder).json<Verdict>(['verify', out])).toMatchObject({
      status: 1,
      document: { status: 'signer-unknown' },
    })
    expect((await elsewhere.run(['verify', out])).stdout).toContain('signer unknown')
    expect((await elsewhere.json(['verify', out, '--key', key])).status).toBe(0)
    expect((await elsewhere.json(['verify', out, '--key', await file('log.vkey', `${key}\n`)])).status).toBe(
      0,
    )

    const wrong = await elsewhere.json<Verdict>(['verify', out, '--key', otherKey(key)])
    expect(wrong).toMatchObject({ status: 1, document: { status: 'failed' } })
    expect(wrong.document.checks.some(({ ok, detail }) => !ok && detail.length > 10)).toBe(true)
    expect((await elsewhere.json(['verify', out, '--key', 'no-key'])).status).toBe(2)

    const bundle = JSON.parse(await readFile(out, 'utf8')) as Bundle
    const altered: [string, (copy: Bundle) => void][] = [
      ['checkpoint', (copy) => (copy.checkpoint = copy.checkpoint.slice(0, -30))],
      ['checkpoint', (copy) => (copy.checkpoint = copy.checkpoint.split('\n\n')[0]!)],
      ['checkpoint', (copy) => (copy.checkpoint = copy.checkpoint.replace(/\n\d+\n/, '\n1\n'))],
      ['evidence', (copy) => (copy.evidence[0]!.envelope = flip(copy.evidence[0]!.envelope))],
      ['disclosure', (copy) => (copy.evidence[0]!.disclosures[0]!.value = 'Another reason')],
    ]
    for (const [what, alter] of altered) {
      const copy = structuredClone(bundle)
      alter(copy)
      const path = await file('altered.proof', JSON.stringify(copy))
      const { status, document } = await avouch.json<Verdict>(['verify', path])
      expect({ what, status, is: document.status }).toEqual({ what, status: 1, is: 'failed' })
      expect(document.checks.filter(({ ok }) => !ok).length, what).toBeGreaterThan(0)
    }
    for (const text of ['', '{', '[]', '{"bundle":"avouch-proof/v1"}', '\u0000'.repeat(64)])
      expect((await avouch.json<Verdict>(['verify', await file('garbage', text)])).status, text).toBe(1)
  })

  it('prove lays open only what is asked for', async () => {
    const closed = await avouch.json<Bundle>(['log', 'prove', hold.id])
    expect(closed.document.evidence[0]!.disclosures ?? []).toEqual([])
    const one = await avouch.json<Bundle>(['log', 'prove', hold.id, '--disclose', '/reason'])
    expect(one.document.evidence[0]!.disclosures.map(({ pointer }) => pointer)).toEqual(['/reason'])
    const wrong = await avouch.json<Failure>(['log', 'prove', hold.id, '--disclose', '/nothing'])
    expect(wrong.status).toBeGreaterThan(0)
    expect((await avouch.json(['log', 'prove', 'nonsense'])).status).toBe(1)
  })

  it('log publish, export and verify: the whole log, and one flipped byte of it', async () => {
    const head = await avouch.json<{ size: number; published: number | null }>(['log', 'head'])
    expect(head).toMatchObject({ status: 0, document: { published: null } })
    const published = await avouch.json<{ size: number; note: string }>(['log', 'publish'])
    expect(published).toMatchObject({ status: 0, document: { size: head.document.size } })
    const checkpoints = await avouch.json<{ size: number; publishedAt: string | null }[]>([
      'log',
      'checkpoints',
    ])
    expect(checkpoints.document[0]).toMatchObject({ size: head.document.size })
    expect(checkpoints.document[0]!.publishedAt).not.toBeNull()

    const dir = join(work, 'log')
    const exported = await avouch.json(['log', 'export', dir])
    expect(exported).toMatchObject({ status: 0, document: { size: head.document.size } })
    expect(await avouch.json(['verify', dir])).toMatchObject({ status: 0, document: { status: 'verified' } })
    const elsewhere = commandLineHere(await newFolder())
    expect((await elsewhere.json<Verdict>(['verify', dir])).document.status).toBe('signer-unknown')

    const tile = join(dir, 'tile', 'entries', '000.p', String(head.document.size))
    const bytes = await readFile(tile)
    bytes[10]! ^= 1
    await writeFile(tile, bytes)
    const broken = await avouch.json<Verdict>(['verify', dir])
    expect(broken).toMatchObject({ status: 1, document: { status: 'failed' } })
    bytes[10]! ^= 1
    await writeFile(tile, bytes)

    const checkpoint = await readFile(join(dir, 'checkpoint'), 'utf8')
    await writeFile(join(dir, 'checkpoint'), checkpoint.slice(0, -20))
    expect(await avouch.json<Verdict>(['verify', dir])).toMatchObject({
      status: 1,
      document: { status: 'failed' },
    })
    expect(await avouch.json(['log', 'audit'])).toMatchObject({ status: 0, document: { ok: true } })
  })

  it('evidence erase destroys a field and leaves a tombstone; the log still holds', async () => {
    const words = ['evidence', 'erase', hold.id, '--reason', 'An example of erasing']
    expect((await avouch.json(words)).status).toBe(2)
    expect((await avouch.json([...words, '--whole', '--field', '/reason'])).status).toBe(2)
    expect((await avouch.json([...words, '--field', '/reason'])).status).toBe(0)
    const { document } = await avouch.json<Record_>(['evidence', 'show', hold.id])
    expect(document.fields).not.toHaveProperty('reason')
    expect(document.state).toBe('logged')
    expect((await avouch.json([...words, '--whole'])).status).toBe(0)
    expect((await avouch.json<Record_>(['evidence', 'show', hold.id])).document.state).toBe('erased')
    expect((await avouch.json(['log', 'prove', hold.id])).status).toBeGreaterThan(0)
    expect((await newest('core/erasure/v1')).fields).toMatchObject({ evidence: hold.id, pointers: [] })
    expect(await avouch.json(['log', 'audit'])).toMatchObject({ status: 0, document: { ok: true } })
  })

  it('log audit finds an altered row', async () => {
    const { id } = await newest('core/decision/v1')
    const [row] = (
      await db.kysely
        .selectFrom('evidence.record' as never)
        .selectAll()
        .execute()
    ).filter((one) => (one as { id: string }).id === id) as unknown as { fields: string }[]
    const alter = (fields: string): Promise<unknown> =>
      db.kysely
        .updateTable('evidence.record' as never)
        .set({ fields } as never)
        .where('id' as never, '=', id as never)
        .execute()
    await alter(row!.fields.replace('Not tested yet', 'Well tested now'))
    const audit = await avouch.json<{ ok: boolean; problems: { where: string }[] }>(['log', 'audit'])
    expect(audit).toMatchObject({ status: 1, document: { ok: false } })
    expect(audit.document.problems[0]!.where).toContain(id)
    await alter(row!.fields)
    expect((await avouch.json(['log', 'audit'])).status).toBe(0)
  })

  it('people: a link for the owner, invitations by role, keys by scope', async () => {
    const owner = await avouch.json<{ url: string }>(['people', 'owner'])
    expect(owner.status).toBe(0)
    expect(new URL(owner.document.url).pathname.length).toBeGreaterThan(1)
    const unknown = await avouch.json<Failure>(['people', 'invite', 'Example Person', '--role', 'emperor'])
    expect(unknown.status).toBe(2)
    expect((await avouch.json(['people', 'key', 'nobody', '--name', 'x', '--scope', 'y'])).status).toBe(2)
    const reader = await avouch.json<{ id: string }>([
      'people',
      'invite',
      'Example Reader',
      '--role',
      'reader',
    ])
    const key = (scope: string) =>
      avouch.json<Failure>(['people', 'key', reader.document.id, '--name', 'x', '--scope', scope])
    expect(await key('content-provenance:mark')).toMatchObject({
      status: 2,
      document: { error: { message: 'Example Reader has no role that may content-provenance:mark' } },
    })
    expect((await key('release:read')).status).toBe(0)
  })

  it('backup and restore: read-only until compared with the published head', async () => {
    const backup = join(work, 'backup')
    expect(await avouch.json<Failure>(['backup', backup])).toMatchObject({
      status: 2,
      document: { error: { where: 'AVOUCH_BACKUP_PASSPHRASE' } },
    })
    const made = await spawned.json<{ rows: number }>(['backup', backup], PASSPHRASE)
    expect(made.status).toBe(0)
    expect(made.document.rows).toBeGreaterThan(5)
    expect((await avouch.json(['backup', backup], PASSPHRASE)).status).toBeGreaterThan(1)
    const checkpoint = await file(
      'published',
      (await avouch.json<{ note: string }>(['log', 'publish'])).document.note,
    )

    const other = await testDatabase()
    try {
      const restoredHome = await newFolder()
      const restored = commandLineHere(restoredHome, { AVOUCH_DATABASE_URL: other.url })
      expect(
        (await restored.json(['restore', backup], { AVOUCH_BACKUP_PASSPHRASE: 'another passphrase' })).status,
      ).toBeGreaterThan(0)
      const back = await commandLine(restoredHome, { AVOUCH_DATABASE_URL: other.url }).json(
        ['restore', backup],
        PASSPHRASE,
      )
      expect(back).toMatchObject({ status: 0, document: { rows: made.document.rows, audit: { ok: true } } })
      expect((await restored.json(['gate', RELEASE])).status).toBe(1)
      const words = ['gate', 'exempt', RELEASE, '--obligation', '5.2', '--reason', 'An example']
      expect(await restored.json<Failure>(words)).toMatchObject({
        status: 3,
        document: { error: { code: 'locked', fix: expect.stringContaining('avouch restore compare') } },
      })
      const doctor = await restored.json<{ checks: { name: string; ok: boolean }[] }>(['doctor'])
      expect(doctor.status).toBe(1)
      expect(doctor.document.checks.find(({ name }) => name === 'restore')?.ok).toBe(false)
      expect((await restored.json(['restore', 'compare'])).status).toBe(2)
      expect((await restored.json(['restore', 'compare', '--nothing-published'])).status).toBe(2)
      const foreign = await file(
        'foreign',
        (await readFile(checkpoint, 'utf8')).replace(/\n\d+\n/, '\n7777\n'),
      )
      expect((await restored.json(['restore', 'compare', foreign])).status).toBe(1)
      expect((await restored.json(['restore', 'compare', checkpoint])).status).toBe(0)
      expect((await restored.json(words)).status).toBe(0)
      expect((await restored.json(['log', 'audit'])).document).toMatchObject({ ok: true })
    } finally {
      await other.close()
    }
  })
})

type Bundle = {
  log: string
  checkpoint: string
  evidence: { envelope: string; disclosures: { pointer: string; value: unknown }[] }[]
}

/** A base64 text with one bit of its middle byte turned over. */
function flip(base64: string): string {
  const bytes = Buffer.from(base64, 'base64')
  bytes[bytes.length >> 1]! ^= 1
  return bytes.toString('base64')
}

/** The verifier key of another log of the same name: NAME+HASH+BASE64 (C2SP signed-note). */
function otherKey(vkey: string): string {
  const name = vkey.slice(0, vkey.indexOf('+'))
  const key = Buffer.concat([Buffer.from([1]), randomBytes(32)])
  const id = createHash('sha256').update(`${name}\n`).update(key).digest('hex').slice(0, 8)
  return `${name}+${id}+${key.toString('base64')}`
}
