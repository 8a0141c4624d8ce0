import { createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '@avouch/core/db'
import { testDatabase } from '@avouch/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type CommandLine,
  commandLine,
  commandLineHere,
  type Failure,
  type Gate,
  testFolders,
} from './house/command-line.ts'

type Logged = { id: string; digest: string; index: number }
type Record_ = Logged & {
  predicateType: string
  state: string
  fields: Record<string, unknown>
  supersedes?: string
}
type Verdict = { status: string; signer: string; checks: { name: string; ok: boolean; detail: string }[] }

const PASSPHRASE = { AVOUCH_BACKUP_PASSPHRASE: 'four words nobody joins' }
const RELEASE = 'example-model@2.0'

const folders = testFolders()
const newFolder = () => folders.fresh()
afterAll(() => folders.remove())

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
