import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Recorder } from '../evidence/recorder.ts'
import type { EvidenceRecord } from '../evidence/type.ts'
import type { Installation } from '../installation.ts'
import { placeHold, readSpool, recordSpool } from './hold.ts'

describe('holds', () => {
  let home: string
  let recorded: Record<string, unknown>[]
  let failing: boolean
  const installation = (): Installation =>
    ({
      config: { home },
      now: () => new Date(),
      log: pino({ level: 'silent' }),
      evidence: {
        list: async () => recorded.map((fields) => ({ fields }) as unknown as EvidenceRecord),
        append: async ({ fields }: { fields: Record<string, unknown> }) => {
          if (failing) throw new Error('the database is gone')
          recorded.push(fields)
        },
      } as unknown as Recorder,
    }) as Installation

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'avouch-hold-'))
    recorded = []
    failing = false
  })
  afterEach(() => rm(home, { recursive: true, force: true }))

  it('is recorded and leaves the spool', async () => {
    expect(await placeHold(installation(), 'm@1', 'a doubt')).toMatchObject({ recorded: true })
    expect(recorded).toHaveLength(1)
    expect(await readSpool(home)).toEqual({ holds: [], unreadable: undefined })
  })

  it('acts although the database is gone, and is recorded once when it is back', async () => {
    failing = true
    expect(await placeHold(installation(), 'm@1', 'a doubt')).toMatchObject({ recorded: false })
    expect((await readSpool(home, 'm@1')).holds).toMatchObject([{ reason: 'a doubt' }])
    expect((await readSpool(home, 'm@2')).holds).toEqual([])
    failing = false
    await recordSpool(installation())
    await recordSpool(installation())
    expect(recorded).toHaveLength(1)
  })

  it('does not record twice what a crash left in the spool', async () => {
    failing = true
    const { id } = await placeHold(installation(), 'm@1', 'a doubt')
    recorded.push({ spooled: id })
    failing = false
    await recordSpool(installation())
    expect(recorded).toHaveLength(1)
    expect(await readdir(join(home, 'spool', 'holds'))).toEqual([])
  })

  it.each(['{', '{"id":1}', ''])('is unreadable with %j in it', async (junk) => {
    await mkdir(join(home, 'spool', 'holds'), { recursive: true })
    await writeFile(join(home, 'spool', 'holds', 'x.json'), junk)
    expect((await readSpool(home)).unreadable).toContain('x.json')
  })

  it('says that a hold is not in force where it cannot be written', async () => {
    await writeFile(join(home, 'spool'), 'a file where the folder should be')
    await expect(placeHold(installation(), 'm@1', 'r')).rejects.toMatchObject({
      code: 'disk',
      fix: expect.stringContaining('not in force'),
    })
  })
})
