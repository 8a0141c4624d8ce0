import { Readable } from 'node:stream'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { z } from 'zod'
import { findLease } from '../access/store.ts'
import { given } from '../given.ts'
import { type OpenedObject, openObject } from '../object/open.ts'
import { readPlaintext, segmentsOf } from '../object/range.ts'
import { findObject } from '../store.ts'
import { readByteRange } from './byte-range.ts'
import { eventOf, readEntrySchema } from './entry.ts'
import { listReads } from './store.ts'
import { refuseUnknown, underLease } from './under-lease.ts'

const byId = z.object({ id: z.uuid() })
const under = z.object({ lease: z.string().min(1).max(200) })
/** Where an environment that attested shows its token. */
const ATTESTATION = 'x-avouch-attestation'
const attested = z.object({ [ATTESTATION]: z.string().max(100).optional() })
const ofReads = z.object({
  model: z.string().min(1).max(201).optional(),
  person: z.string().min(1).max(200).optional(),
  lease: z.string().min(1).max(200).optional(),
  since: z.coerce.date().optional(),
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})

/** Weights under leases, and the record of who read them, under `/api/weight-security`. */
export function serveRoutes(installation: Installation): FastifyPluginAsync {
  return async (app) => {
    // whoever is signed in may ask: the lease says what they may read. HEAD would cost as much as GET.
    const own = { config: { permission: 'self:read' }, exposeHeadRoute: false } as const
    app.get('/objects/:id/plaintext', own, async (request, reply) => {
      const { lease } = given(under, request.query)
      // what is nonsense of any object is refused before it is looked whether there is this one
      readByteRange(request.headers.range, 0)
      const { id } = given(byId, request.params)
      const object = await findObject(installation.db, { id })
      const { range: header } = request.headers
      const attestation = given(attested, request.headers, 'header')[ATTESTATION]
      const use = { lease, by: request.principal, sink: 'http', host: request.ip, attestation } as const
      // what is sealed here is not told to those without a lease
      if (object === undefined) return refuseUnknown(installation, use, id)
      const authorise = underLease(installation, use)
      const range = readByteRange(header, object.bytes)
      if (range === 'none-of-it') {
        // not even its size is told to those without a lease for it
        const row = await findLease(installation.db, lease)
        await authorise.open(object, row ? [row.first_segment, row.last_segment] : [0, 0])
        return reply
          .code(416)
          .header('content-range', `bytes */${object.bytes}`)
          .send({ error: { code: 'input', message: 'the object has none of these bytes', where: 'Range' } })
      }
      const opened = await openObject(installation, object, {
        authorise,
        segments: object.bytes === 0 ? [0, 0] : segmentsOf(object, range.start, range.end),
      })
      return send(reply, opened, range, header !== undefined)
    })

    // reads name people: whoever may read everything else may not read these
    const investigate = { config: { permission: 'weight-security:investigate' } } as const
    app.get('/reads', investigate, async (request) => {
      const rows = await listReads(installation.db, given(ofReads, request.query))
      return {
        reads: rows.map(({ entry, number }) => {
          const read = readEntrySchema.parse(JSON.parse(entry))
          return { number, ...eventOf(read), times: read.times ?? 1 }
        }),
      }
    })
  }
}

/** Answers once the first piece is there, so that what is refused before it says so; later, the connection ends. */
async function send(
  reply: FastifyReply,
  opened: OpenedObject,
  { start, end }: { start: number; end: number },
  isPart: boolean,
): Promise<FastifyReply> {
  const pieces = readPlaintext(opened, { start, end })[Symbol.asyncIterator]()
  const first = await pieces.next().catch(async (error: unknown) => {
    await opened.close()
    throw error
  })
  const body = async function* (): AsyncGenerator<Buffer> {
    if (!first.done) yield first.value
    yield* { [Symbol.asyncIterator]: () => pieces }
  }
  // also where the client is gone before anything was sent
  const stream = Readable.from(body(), { objectMode: false }).once('close', () => void opened.close())
  const { object } = opened
  reply
    .code(isPart ? 206 : 200)
    .type('application/octet-stream')
    .header('cache-control', 'no-store')
    .header('accept-ranges', 'bytes')
    .header('content-length', end + 1 - start)
    .header('x-avouch-digest', `sha256:${object.digest}`)
  if (isPart) reply.header('content-range', `bytes ${start}-${end}/${object.bytes}`)
  return reply.send(stream)
}
