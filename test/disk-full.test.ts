import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@avouch/core/config'
import { auditLog } from '@avouch/core/log'
import { openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultNote } from './log/note.ts'

/** A small disk of its own needs root and Linux; elsewhere these say so by being skipped. */
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts()

function mounts(): boolean {
  try {
    const dir = execFileSync('mktemp', ['-d']).toString().trim()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir], { stdio: 'ignore' })
    execFileSync('umount', [dir])
    return true
  } catch {
    return false
  }
}

describe.runIf(canMount)('a full disk under the blobs', () => {
  let disk: string
  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), 'avouch-full-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', disk])
  })
  afterAll(async () => {
    execFileSync('umount', [disk])
    await rm(disk, { recursive: true, force: true })
  })

  it('stops sealing without losing what was accepted, and goes on once there is room', async () => {
    const home = await mkdtemp(join(tmpdir(), 'avouch-full-home-'))
    const db = await installationDatabase([])
    const env = {
      AVOUCH_HOME: home,
      AVOUCH_DATABASE_URL: db.url,
      AVOUCH_BLOBS: join(disk, 'blobs'),
      AVOUCH_LOG: 'silent',
    }
    const installation = await openInstallation(loadConfig(env), { commitments: [], log: undefined })
    try {
      await installation.evidence.append({ type: faultNote, about: {}, fields: { n: 0 } })
      await writeFile(join(disk, 'ballast'), Buffer.alloc(112 * 1024))
      const accepted = await db.kysely.transaction().execute((tx) =>
        installation.evidence.acceptAll(
          tx,
          Array.from({ length: 600 }, (_, n) => ({ type: faultNote, about: {}, fields: { n } })),
        ),
      )
      await expect(installation.blobs.put('probe', Buffer.alloc(64 * 1024))).rejects.toMatchObject({
        code: 'disk',
      })
      const waiting = await installation.evidence.get(accepted[0]!.id)
      expect(waiting?.state).toBe('accepted')
      await rm(join(disk, 'ballast'))
      const logged = await installation.evidence.logged(accepted.map((a) => a.id))
      expect(logged).toHaveLength(600)
      expect((await auditLog(installation, {})).problems).toEqual([])
    } finally {
      await installation.close()
      await db.close()
      await rm(home, { recursive: true, force: true })
    }
  })
})
