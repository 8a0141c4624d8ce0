import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '@avouch/core/config'
import { auditLog, listCheckpoints, openTree } from '@avouch/core/log'
import { openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import { describe, expect, it } from 'vitest'

const WRITER = fileURLToPath(new URL('./log/writer.ts', import.meta.url))
/** A few kills in the fast suite; twenty with AVOUCH_FAULTS=1. */
const KILLS = process.env.AVOUCH_FAULTS === '1' ? 20 : 3

describe('a log whose sealers are killed', () => {
  it('loses nothing acknowledged, never forks, and derives from what was signed', async () => {
    const home = await mkdtemp(join(tmpdir(), 'avouch-log-kill-'))
    const db = await installationDatabase([])
    const env = { ...process.env, AVOUCH_HOME: home, AVOUCH_DATABASE_URL: db.url }
    const acknowledged = new Map<string, number>()
    const roots = new Map<number, string>()
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        // Two at once: while one holds the lock the other stands by, and takes over when the first dies.
        const writers = [write(env, acknowledged), write(env, acknowledged)]
        const before = acknowledged.size
        await until(() => acknowledged.size > before + 20)
        await sleep(Math.random() * 200)
        writers[0]!.kill('SIGKILL')
        const then = acknowledged.size
        await until(() => acknowledged.size > then)
        writers[1]!.kill('SIGKILL')
        await Promise.all(writers.map(ended))
        for (const { size, root } of await listCheckpoints(db, 100_000)) {
          const hex = root.toString('hex')
          expect(roots.get(size) ?? hex).toBe(hex)
          roots.set(size, hex)
        }
      }
      const installation = await openInstallation(loadConfig(env), { commitments: [] })
      try {
        const ids = [...acknowledged.keys()]
        const logged = await installation.evidence.logged(ids)
        expect(logged.map((l) => l.index)).toEqual([...acknowledged.values()])
        const last = await installation.evidence.append({
          type: (await import('./log/note.ts')).faultNote,
          about: {},
          fields: { n: -1 },
        })
        const tree = openTree(installation.db, installation.blobs, 0)
        for (const [size, root] of roots) expect((await tree.root(size)).toString('hex')).toBe(root)
        const audit = await auditLog(installation, {})
        expect(audit.problems).toEqual([])
        expect(audit.checked.leaves).toBe(last.index + 1)
      } finally {
        await installation.close()
      }
    } finally {
      await db.close()
      await rm(home, { recursive: true, force: true })
    }
  }, 120_000)
})

function write(env: NodeJS.ProcessEnv, acknowledged: Map<string, number>): ChildProcess {
  const child = spawn(process.execPath, [WRITER], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    const lines = text.split('\n')
    text = lines.pop()!
    for (const line of lines) {
      const [id, index] = line.split(' ')
      acknowledged.set(id!, Number(index))
    }
  })
  return child
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()))

async function until(done: () => boolean): Promise<void> {
  for (let waited = 0; !done(); waited += 10) {
    if (waited > 40_000) throw new Error('nothing happened for 40 s')
    await sleep(10)
  }
}
