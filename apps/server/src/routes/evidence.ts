import { requestRetraction } from '@avouch/core/auth'
import type { Commitment } from '@avouch/core/commitment'
import { AvouchError } from '@avouch/core/errors'
import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { findCheckpoint, listCheckpoints, proofBundle, publishCheckpoint, readHead } from '@avouch/core/log'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { evidenceKinds } from '../evidence-kinds.ts'
import { approval, idParam, instant, reason } from '../wire.ts'

/** A piece of evidence with all its fields, as the inside sees it. */
export const evidenceRecord = z.object({
  id: z.string(),
  digest: z.string(),
  predicateType: z.string(),
  about: z.object({
    release: z.string().optional(),
    snapshot: z.string().optional(),
    configuration: z.string().optional(),
  }),
  recordedAt: instant,
  state: z.enum(['accepted', 'logged', 'erased']),
  index: z.number().optional(),
  sequence: z.number().describe('The order of acceptance; give it as `before` to page.'),
  signers: z.array(z.string()),
  fields: z.record(z.string(), z.unknown()),
  bulk: z.object({ root: z.string(), leaves: z.number(), records: z.string() }).optional(),
  attachments: z.array(
    z.object({ name: z.string(), mediaType: z.string(), size: z.number(), sha256: z.string() }),
  ),
  supersedes: z.string().optional(),
  retracts: z.string().optional(),
  supersededBy: z.string().optional(),
  retractedBy: z.string().optional(),
})

/** The record as `evidenceRecord` has it. */
export function recordOnWire(record: EvidenceRecord): z.output<typeof evidenceRecord> {
  return record
}

const checkpoint = z.object({
  origin: z.string(),
  size: z.number(),
  root: z.string().describe('Base64.'),
  note: z.string().describe('The signed note (C2SP tlog-checkpoint).'),
  signedAt: instant,
  witnessedAt: instant.optional(),
  publishedAt: instant.optional(),
})

type CheckpointRow = Awaited<ReturnType<typeof listCheckpoints>>[number]

const onWire = (row: CheckpointRow): z.output<typeof checkpoint> => ({
  origin: row.origin,
  size: row.size,
  root: row.root.toString('base64'),
  note: row.note,
  signedAt: row.signed_at,
  witnessedAt: row.witnessed_at ?? undefined,
  publishedAt: row.published_at ?? undefined,
})

/** Evidence and the log it stands in, from the inside: `/api/evidence`, `/api/evidence-kinds`, `/api/log`. */
export function evidenceRoutes(installation: Installation, commitments: Commitment[]): FastifyPluginAsyncZod {
  const { db, evidence } = installation
  const find = async (id: string) => {
    const record = await evidence.get(id)
    if (!record) throw new AvouchError('not-found', 'There is no such evidence', { where: `evidence ${id}` })
    return record
  }
  /** Id or digest. */
  const key = z.object({ id: z.string().regex(/^([0-9a-f-]{36}|[0-9a-f]{64})$/) })
  return async (app) => {
    app.get(
      '/evidence-kinds',
      {
        config: { permission: 'evidence:read' },
        schema: {
          response: {
            200: z.array(
              z.object({ type: z.string(), title: z.string(), commitment: z.string().optional() }),
            ),
          },
        },
      },
      () => evidenceKinds(commitments),
    )
    app.get(
      '/evidence',
      {
        config: { permission: 'evidence:read' },
        schema: {
          querystring: z.object({
            type: z.string().max(200).optional(),
            release: z.string().max(201).optional(),
            before: z.coerce.number().int().positive().optional(),
            limit: z.coerce.number().int().min(1).max(500).default(100),
          }),
          response: { 200: z.array(evidenceRecord).describe('Newest first.') },
        },
      },
      async (request) =>
        (await evidence.list({ ...request.query, newest: true })).reverse().map(recordOnWire),
    )
    app.get(
      '/evidence/:id',
      { config: { permission: 'evidence:read' }, schema: { params: key, response: { 200: evidenceRecord } } },
      async (request) => recordOnWire(await find(request.params.id)),
    )
    app.get(
      '/evidence/:id/proof',
      {
        config: { permission: 'evidence:read' },
        schema: {
          params: key,
          querystring: z.object({ show: z.enum(['none', 'all']).default('none') }),
          response: { 200: z.looseObject({ bundle: z.literal('avouch-proof/v1'), checkpoint: z.string() }) },
        },
      },
      async (request, reply) => {
        const { id } = await find(request.params.id)
        reply.header('content-disposition', `attachment; filename="${id}.json"`)
        return proofBundle(installation, [{ id, pointers: request.query.show === 'all' ? 'all' : [] }])
      },
    )
    app.post(
      '/evidence/:id/retraction',
      {
        config: { permission: 'evidence:retract' },
        schema: { params: idParam, body: z.object({ reason }), response: { 201: approval } },
      },
      async (request, reply) =>
        reply
          .code(201)
          .send(
            await requestRetraction(installation, request.principal, request.params.id, request.body.reason),
          ),
    )

    app.get(
      '/log',
      {
        config: { permission: 'log:read' },
        schema: {
          response: {
            200: z.object({
              origin: z.string().optional(),
              key: z.string().optional().describe('The verifier key (C2SP signed-note).'),
              size: z.number(),
              published: checkpoint.optional(),
              witnessed: checkpoint.optional(),
              checkpoints: z.array(checkpoint).describe('The newest hundred, newest first.'),
            }),
          },
        },
      },
      async () => {
        const [head, published, witnessed, checkpoints] = await Promise.all([
          readHead(db),
          findCheckpoint(db, 'published'),
          findCheckpoint(db, 'witnessed'),
          listCheckpoints(db, 100),
        ])
        return {
          origin: head?.origin,
          key: head?.key,
          size: head?.size ?? 0,
          published: published && onWire(published),
          witnessed: witnessed && onWire(witnessed),
          checkpoints: checkpoints.map(onWire),
        }
      },
    )
    app.post(
      '/log/publish',
      {
        config: { permission: 'log:publish', stepUp: true },
        schema: { response: { 200: checkpoint } },
      },
      async () => onWire(await publishCheckpoint(installation)),
    )
  }
}
