import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AvouchError } from '../errors.ts'
import type { Installation } from '../installation.ts'
import { holdEvidence } from './evidence.ts'

const spooledSchema = z.strictObject({
  id: z.uuid(),
  release: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
})

export type SpooledHold = z.infer<typeof spooledSchema>
export type Spool = { holds: SpooledHold[]; unreadable: string | undefined }

const folder = (home: string): string => join(home, 'spool', 'holds')

/**
 * Closes the gate for a release at once. The hold acts the moment it stands in the spool, whatever the database
 * does; its evidence follows now or, where that fails, with the next `recordSpool`.
 */
export async function placeHold(
  installation: Installation,
  release: string,
  reason: string,
): Promise<{ id: string; recorded: boolean }> {
  const hold: SpooledHold = { id: randomUUID(), release, reason, at: installation.now().toISOString() }
  await writeSpool(installation.config.home, hold)
  try {
    await recordSpool(installation)
    return { id: hold.id, recorded: true }
  } catch (error) {
    installation.log.error(
      { err: error, hold: hold.id },
      'the hold acts, but its evidence could not be recorded yet',
    )
    return { id: hold.id, recorded: false }
  }
}

/** Turns spooled holds into evidence and clears them from the spool, once each. */
export async function recordSpool(installation: Installation): Promise<void> {
  const spool = await readSpool(installation.config.home)
  if (spool.unreadable !== undefined)
    throw new AvouchError('disk', `the spool of holds cannot be read: ${spool.unreadable}`)
  for (const hold of spool.holds) {
    const recorded = await installation.evidence.list({ type: holdEvidence, release: hold.release })
    if (!recorded.some((r) => r.fields.spooled === hold.id))
      await installation.evidence.append({
        type: holdEvidence,
        about: { release: hold.release },
        fields: { reason: hold.reason, spooled: hold.id },
      })
    await rm(join(folder(installation.config.home), `${hold.id}.json`), { force: true })
  }
}

/** What stands in the spool. One file that cannot be read makes the whole spool unreadable, which closes the gate. */
export async function readSpool(home: string, release?: string): Promise<Spool> {
  let names: string[]
  try {
    names = await readdir(folder(home))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { holds: [], unreadable: undefined }
    return { holds: [], unreadable: (error as Error).message }
  }
  const holds: SpooledHold[] = []
  for (const name of names.filter((n) => n.endsWith('.json'))) {
    try {
      holds.push(spooledSchema.parse(JSON.parse(await readFile(join(folder(home), name), 'utf8'))))
    } catch (error) {
      return { holds, unreadable: `${name}: ${(error as Error).message}` }
    }
  }
  return {
    holds: holds.filter((hold) => release === undefined || hold.release === release),
    unreadable: undefined,
  }
}

async function writeSpool(home: string, hold: SpooledHold): Promise<void> {
  const dir = folder(home)
  const path = join(dir, `${hold.id}.json`)
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const file = await open(`${path}.part`, 'wx', 0o600)
    try {
      await file.writeFile(JSON.stringify(hold))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${path}.part`, path)
    const directory = await open(dir, 'r')
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  } catch (error) {
    throw new AvouchError('disk', `the hold could not be written: ${(error as Error).message}`, {
      where: dir,
      fix: 'Make the folder writable, then place the hold again: it is not in force yet.',
      cause: error,
    })
  }
}
