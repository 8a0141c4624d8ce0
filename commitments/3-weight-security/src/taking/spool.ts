import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { AvouchError } from '@avouch/core/errors'
import type { Source } from '../source.ts'
import { filesOf } from './files.ts'
import type { Mapping } from './mapping.ts'
import { Taking } from './take.ts'

/** What logs came to, as files the detector reads. `remove` takes them away again. */
export type Spooled = {
  events: string
  personnel: string
  taking: Taking
  files: number
  remove(): Promise<void>
}

/**
 * Turns logs into a file of events and one of news of people, in a folder that only this user can read: logs of many
 * regions and accounts lie beside each other by name, and the detector wants them by time. Bounded memory.
 */
export async function spool(
  source: Source,
  mapping: Mapping,
  path: string,
  signal?: AbortSignal,
): Promise<Spooled> {
  const files = await filesOf(path)
  const folder = await mkdtemp(join(tmpdir(), 'avouch-source-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  const taking = new Taking(source, mapping)
  const [events, personnel] = [join(folder, 'events.jsonl'), join(folder, 'personnel.jsonl')]
  const [eventsOut, personnelOut] = [open(events), open(personnel)]
  try {
    // standard input passes by once
    if (path !== '-') await taking.prepare(files, signal)
    for (const file of files)
      for await (const batch of taking.file(file, signal)) {
        await write(eventsOut, batch.events)
        await write(personnelOut, batch.personnel)
      }
    await Promise.all([end(eventsOut), end(personnelOut)])
    return { events, personnel, taking, files: files.length, remove }
  } catch (error) {
    eventsOut.destroy()
    personnelOut.destroy()
    await remove()
    throw error
  }
}

function open(path: string): WriteStream {
  const stream = createWriteStream(path, { mode: 0o600, highWaterMark: 1_048_576 })
  // told by `write` and `end`, which look at it
  stream.on('error', () => undefined)
  return stream
}

async function write(stream: WriteStream, lines: readonly { event: unknown }[]): Promise<void> {
  if (lines.length === 0) return
  const text = `${lines.map(({ event }) => JSON.stringify(event)).join('\n')}\n`
  if (stream.errored) throw full(stream.errored)
  if (!stream.write(text))
    await new Promise<void>((resolve, reject) => {
      stream.once('drain', resolve)
      stream.once('error', (error) => reject(full(error)))
    })
}

async function end(stream: WriteStream): Promise<void> {
  if (stream.errored) throw full(stream.errored)
  stream.end()
  await finished(stream).catch((error: unknown) => {
    throw full(error)
  })
}

function full(cause: unknown): AvouchError {
  return new AvouchError('disk', `what the log came to cannot be written: ${(cause as Error).message}`, {
    where: tmpdir(),
    fix: 'Make room there, or set TMPDIR.',
    cause,
  })
}
