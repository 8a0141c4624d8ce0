import { open } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { may } from '@avouch/core/auth'
import type { Config } from '@avouch/core/config'
import { AvouchError } from '@avouch/core/errors'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { readForm } from './form.ts'
import { bytesOf, type OnDisk } from './media/on-disk.ts'
import { readSettings, uploadLimits } from './settings.ts'
import { openUploadFolder, sweepUploads, type UploadFolder } from './upload-folder.ts'

/** A body that came in: the file in it, and what was typed beside it in a form. */
export type Upload = {
  file: OnDisk | undefined
  fields: ReadonlyMap<string, string>
  folder: UploadFolder
}

/** Of what is typed into a field of a form, and of all of a form that is no file, in bytes. */
const MOST_TYPED = 16_384
const BESIDE = 2 ** 19
/** All that is being sent at a time, so that no flood of uploads fills the disk. */
const MOST_AT_ONCE = 2 ** 31

let atOnce = 0
/** Those that came in here: a document that has the same members is none. */
const known = new WeakSet<object>()

/**
 * Bodies that are files go into a private file while they come in, up to what `content/settings.json` allows: more to
 * who may mark than to everyone. What they are is told from their bytes and from nothing else. Whoever handles such a
 * request does it within `withUpload`, which removes the file; what was left by a process that was killed is removed here.
 */
export async function readFiles(app: FastifyInstance, config: Pick<Config, 'home'>): Promise<void> {
  await sweepUploads()
  // a file sent by `curl --data-binary` without saying of what type comes under the last of them
  for (const type of [
    /^(image|audio|video)\//,
    'application/octet-stream',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
  ]) {
    // the server reads short forms itself; where files are taken, what comes so is a file
    if (app.hasContentTypeParser(type)) app.removeContentTypeParser(type)
    app.addContentTypeParser(type, async (request: FastifyRequest, body: Readable) => {
      const { mark, check } = uploadLimits(await readSettings(config))
      // what is refused midway is still to be answered, so that the connection stays
      const pieces = body.iterator({ destroyOnReturn: false })
      return receive(request, pieces, mayMark(request) ? mark : check).finally(() => body.resume())
    })
  }
}

const MARK = 'content-provenance:mark'

function mayMark({ routeOptions, principal }: FastifyRequest): boolean {
  // the guard has seen to the first, before any body is read
  return routeOptions.config.permission === MARK || (principal !== undefined && may(principal, MARK))
}

async function receive(request: FastifyRequest, body: AsyncIterable<Buffer>, most: number): Promise<Upload> {
  const type = request.headers['content-type'] ?? ''
  const beside = type.startsWith('multipart/') ? BESIDE : 0
  if (Number(request.headers['content-length'] ?? 0) > most + beside) throw tooLarge(most)
  const folder = await openUploadFolder().catch((error: unknown) => {
    throw asOurs(error)
  })
  let [size, held] = [0, 0]
  try {
    const path = join(folder.path, 'in')
    const file = await open(path, 'wx', 0o600)
    try {
      const typed = new Map<string, string>()
      for await (const { field, bytes } of filesIn(body, type)) {
        if (field !== 'file') {
          // byte by byte: a letter may lie across two pieces
          const text = (typed.get(field) ?? '') + bytes.toString('latin1')
          if (text.length > MOST_TYPED) throw tooLarge(MOST_TYPED)
          typed.set(field, text)
          continue
        }
        size += bytes.length
        if (size > most) throw tooLarge(most)
        held += bytes.length
        atOnce += bytes.length
        if (atOnce > MOST_AT_ONCE)
          throw new AvouchError('unavailable', 'too much is being sent at once', {
            fix: 'Try again in a while.',
          })
        await file.writeFile(bytes)
      }
      const upload: Upload = {
        file: size > 0 ? { file: path, size } : undefined,
        fields: new Map(
          [...typed].map(([name, text]) => [name, Buffer.from(text, 'latin1').toString('utf8')]),
        ),
        folder: counted(folder, held),
      }
      known.add(upload)
      return upload
    } finally {
      await file.close()
    }
  } catch (error) {
    atOnce -= held
    await folder.remove()
    throw asOurs(error)
  }
}

/** What went wrong while a body came in: a disk that is full is no defect, and who hangs up is no reason to log an error. */
export function asOurs(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AvouchError('unavailable', 'there is no room here for what was sent', {
      fix: 'Try again in a while. Whoever runs this service makes room where temporary files go.',
      cause: error,
    })
  return code === 'ECONNRESET'
    ? new AvouchError('input', 'what was sent breaks off', { cause: error })
    : error
}

/** A folder whose bytes count until it is removed. */
function counted(folder: UploadFolder, held: number): UploadFolder {
  let left = held
  return {
    path: folder.path,
    remove: async () => {
      atOnce -= left
      left = 0
      await folder.remove()
    },
  }
}

/** The body itself, or the fields of a form, in the pieces in which they come. A second file of a form is none of ours. */
async function* filesIn(
  body: AsyncIterable<Buffer>,
  type: string,
): AsyncGenerator<{ field: string; bytes: Buffer }> {
  if (!type.startsWith('multipart/')) {
    for await (const bytes of body) yield { field: 'file', bytes }
    return
  }
  let [field, files] = ['', 0]
  for await (const event of readForm(body, type))
    if ('name' in event) {
      if (event.name === 'file' && ++files > 1)
        throw new AvouchError('input', 'there is more than one file in the form', { where: 'body' })
      field = event.name
    } else yield { field, bytes: event.bytes }
}

function tooLarge(most: number): AvouchError {
  const text = most >= 2 ** 20 ? `${Math.round(most / 2 ** 20)} MiB` : `${most} bytes`
  return new AvouchError('limit', `what was sent has more than the ${text} that are taken here`, {
    fix: 'Send a smaller file, or a part of it. Whoever runs this service sets the limits in content/settings.json.',
  })
}

/** Does something with what came in, and removes it. Other bodies than files have nothing to remove. */
export async function withUpload<T>(
  request: FastifyRequest,
  act: (upload: Omit<Upload, 'folder'>) => Promise<T>,
): Promise<T> {
  const { body } = request
  if (!isUpload(body)) return act({ file: undefined, fields: new Map() })
  const speak = keepSilent(request)
  try {
    return await act(body)
  } finally {
    speak()
    await body.folder.remove()
  }
}

/** Marking a film may take longer than a connection may be silent, and has limits of its own. Returns what ends that. */
function keepSilent({ raw: { socket } }: FastifyRequest): () => void {
  // where there is no network, as in tests, there is no such thing
  if (!(socket instanceof Socket)) return () => {}
  const silence = socket.timeout ?? 0
  socket.setTimeout(0)
  return () => {
    socket.setTimeout(silence)
  }
}

/** The same with the file, and throws `input` where there is none. */
export function withFile<T>(request: FastifyRequest, act: (file: OnDisk) => Promise<T>): Promise<T> {
  return withUpload(request, async ({ file }) => {
    if (file !== undefined) return act(file)
    throw new AvouchError('input', 'there is no file in the request', {
      where: 'body',
      fix: 'Send its bytes as the body, with a Content-Type such as image/png or application/octet-stream, or a form with a field named file.',
    })
  })
}

/** The same with all of its bytes. */
export function withBytes<T>(request: FastifyRequest, act: (bytes: Uint8Array) => Promise<T>): Promise<T> {
  return withFile(request, async (file) => act(await bytesOf(file)))
}

function isUpload(body: unknown): body is Upload {
  return typeof body === 'object' && body !== null && known.has(body)
}

/** Answers may be read by scripts of any site; there is nothing in them that depends on who asks. */
export function forEveryone(reply: FastifyReply): FastifyReply {
  return reply
    .header('access-control-allow-origin', '*')
    .header('cross-origin-resource-policy', 'cross-origin')
}

/** Throws `usage` with what is wrong. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const wrong = read.error.issues.slice(0, 5).map(({ path, message }) => [...path, message].join(': '))
  throw new AvouchError('usage', wrong.join('; '), { fix: 'Correct the request.' })
}
