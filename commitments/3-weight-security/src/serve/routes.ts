import { Readable } from 'node:stream'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { findLease } from '../access/store.ts'
import { given } from '../given.ts'
import type { Authorise, SegmentRange } from '../object/authorise.ts'
import type { WeightObject } from '../object/object.ts'
import { type OpenedObject, openObject } from '../object/open.ts'
import { readPlaintext, segmentsOf } from '../object/range.ts'
import { findObject } from '../store.ts'
import { type ByteRange, readByteRange } from './byte-range.ts'
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
    // whoever is signed in may ask: the lease says what they may read
    const own = { config: { permission: 'self:read' }, exposeHeadRoute: false } as const
    app.get('/objects/:id/plaintext', own, async (request, reply) => {
      const wanted = await askFor(installation, request)
      if (wanted.range === 'none-of-it') return sendNone(reply, wanted)
      const { object, authorise, segments, range, isPart } = wanted
      const opened = await openObject(installation, object, { authorise, segments })
      return send(reply, opened, range, isPart)
    })
    // what GET would answer without its content: under the lease, but nothing is decrypted, so that it is no read
    app.head('/objects/:id/plaintext', own, async (request, reply) => {
      const wanted = await askFor(installation, request)
      if (wanted.range === 'none-of-it') return sendNone(reply, wanted)
      await wanted.authorise.open(wanted.object, wanted.segments)
      return headed(reply, wanted.object, wanted.range, wanted.isPart).send()
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

type Wanted = { object: WeightObject; authorise: Authorise } & (
  | { range: 'none-of-it' }
  | { range: ByteRange; isPart: boolean; segments: SegmentRange }
)

/** What is asked for, and under which lease. What does not begin within the object is refused to those without one. */
async function askFor(installation: Installation, request: FastifyRequest): Promise<Wanted> {
  const { lease } = given(under, request.query)
  const { range: header } = request.headers
  // what is nonsense of any object is refused before it is looked whether there is this one
  readByteRange(header, 0)
  const { id } = given(byId, request.params)
  const object = await findObject(installation.db, { id })
  const attestation = given(attested, request.headers, 'header')[ATTESTATION]
  const use = { lease, by: request.principal, sink: 'http', host: request.ip, attestation } as const
  // what is sealed here is not told to those without a lease
  if (object === undefined) return refuseUnknown(installation, use, id)
  const authorise = underLease(installation, use)
  const range = readByteRange(header, object.bytes)
  if (range !== 'none-of-it') {
    const segments: SegmentRange = object.bytes === 0 ? [0, 0] : segmentsOf(object, range.start, range.end)
    return { object, authorise, range, isPart: header !== undefined, segments }
  }
  // not even its size is told to those without a lease for it
  const row = await findLease(installation.db, lease)
  await authorise.open(object, row ? [row.first_segment, row.last_segment] : [0, 0])
  return { object, authorise, range }
}

function sendNone(reply: FastifyReply, { object }: Wanted): FastifyReply {
  return reply
    .code(416)
    .header('content-range', `bytes */${object.bytes}`)
    .send({ error: { code: 'input', message: 'the object has none of these bytes', where: 'Range' } })
}

function headed(
  reply: FastifyReply,
  object: WeightObject,
  { start, end }: ByteRange,
  isPart: boolean,
): FastifyReply {
  if (isPart) reply.header('content-range', `bytes ${start}-${end}/${object.bytes}`)
  return reply
    .code(isPart ? 206 : 200)
    .type('application/octet-stream')
    .header('cache-control', 'no-store')
    .header('accept-ranges', 'bytes')
    .header('content-length', end + 1 - start)
    .header('x-avouch-digest', `sha256:${object.digest}`)
}

/** Answers once the first piece is there, so that what is refused before it says so; later, the connection ends. */
async function send(
  reply: FastifyReply,
  opened: OpenedObject,
  { start, end }: ByteRange,
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
  return headed(reply, opened.object, { start, end }, isPart).send(stream)
}
