import {
  AuthenticationResponse,
  beginSignedEvidence,
  finishSignedEvidence,
  requestApproval,
} from '@avouch/core/auth'
import type { Commitment } from '@avouch/core/commitment'
import { AvouchError } from '@avouch/core/errors'
import { listReleases } from '@avouch/core/evidence'
import {
  decisionEvidence,
  draftDecision,
  gate,
  holdEvidence,
  holdLiftedEvidence,
  placeHold,
  releaseEvidence,
  requestExemption,
} from '@avouch/core/gate'
import type { Installation } from '@avouch/core/installation'
import { keyEvidence } from '@avouch/core/log'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { approval, asking, id, idParam, instant, reason, releaseParam } from '../wire.ts'
import { evidenceRecord, recordOnWire } from './evidence.ts'

const release = z.object({
  name: z.string(),
  snapshot: z.string().optional(),
  configuration: z.string().optional(),
  registeredAt: instant.optional(),
})

/** The verdict as `core/gate` gives it. */
const verdict = z.looseObject({
  release: z.string(),
  ready: z.boolean(),
  blockers: z.array(z.string()),
  obligations: z.array(z.looseObject({ id: z.string(), status: z.string(), why: z.string() })),
})

/** Releases, their gate, decisions and holds: `/api/releases`, `/api/decisions`, `/api/holds`, `/api/obligations`. */
export function releaseRoutes(installation: Installation, commitments: Commitment[]): FastifyPluginAsyncZod {
  const catalogue = commitments.flatMap((commitment) => commitment.obligations)
  const known = async (name: string): Promise<string> => {
    if ((await listReleases(installation.db)).includes(name)) return name
    throw new AvouchError('not-found', `Nothing is recorded about ${name}`, {
      where: `release ${name}`,
      fix: 'Check the name and version; `avouch assess` records a release.',
    })
  }
  return async (app) => {
    app.get(
      '/releases',
      { config: { permission: 'release:read' }, schema: { response: { 200: z.array(release) } } },
      async () => {
        const [names, registered] = await Promise.all([
          listReleases(installation.db),
          installation.evidence.list({ type: releaseEvidence }),
        ])
        return names.map((name) => {
          const record = registered.findLast((it) => it.about.release === name)
          return {
            name,
            snapshot: record?.about.snapshot,
            configuration: record?.about.configuration,
            registeredAt: record?.recordedAt,
          }
        })
      },
    )
    app.get(
      '/releases/:name/gate',
      { config: { permission: 'gate:read' }, schema: { params: releaseParam, response: { 200: verdict } } },
      async (request) => gate(installation, await known(request.params.name), catalogue),
    )
    app.get(
      '/obligations',
      {
        config: { permission: 'gate:read' },
        schema: {
          response: {
            200: z.array(
              z.object({
                number: z.number(),
                name: z.string(),
                title: z.string(),
                promise: z.string(),
                obligations: z.array(
                  z.object({
                    id: z.string(),
                    title: z.string(),
                    promise: z.string(),
                    binds: z.string(),
                    force: z.string(),
                    due: z.string(),
                  }),
                ),
              }),
            ),
          },
        },
      },
      async () => commitments,
    )

    app.get(
      '/decisions',
      {
        config: { permission: 'gate:read' },
        schema: {
          querystring: z.object({ release: z.string().max(201).optional() }),
          response: { 200: z.array(evidenceRecord) },
        },
      },
      async (request) =>
        (
          await installation.evidence.list({
            type: decisionEvidence,
            release: request.query.release,
            limit: 500,
            newest: true,
          })
        )
          .reverse()
          .map(recordOnWire),
    )
    app.post(
      '/releases/:name/decision/begin',
      {
        config: { permission: 'gate:decide' },
        schema: {
          params: releaseParam,
          body: z.object({ decision: z.enum(['ship', 'hold']), reason }),
          response: {
            200: asking.extend({ statement: z.string(), ready: z.boolean(), waivers: z.array(z.string()) }),
          },
        },
      },
      async (request) => {
        const name = await known(request.params.name)
        const current = await gate(installation, name, catalogue)
        const draft = draftDecision(current, { ...request.body, decidedBy: 'person' }, { release: name })
        const begun = await beginSignedEvidence(installation, request.principal, draft)
        return { ...begun, ready: current.ready, waivers: draft.fields.waivers }
      },
    )
    app.post(
      '/releases/:name/decision/finish',
      {
        config: { permission: 'gate:decide' },
        schema: {
          params: releaseParam,
          body: z.object({ ceremony: id, response: AuthenticationResponse }),
          response: { 201: z.object({ id: z.string(), digest: z.string() }) },
        },
      },
      async (request, reply) =>
        reply
          .code(201)
          .send(
            await finishSignedEvidence(
              installation,
              request.principal,
              decisionEvidence.predicateType,
              request.body,
            ),
          ),
    )

    app.post(
      '/releases/:name/exemptions',
      {
        config: { permission: 'gate:decide' },
        schema: {
          params: releaseParam,
          body: z.object({
            obligation: z.enum(catalogue.map((one) => one.id)),
            kind: z.enum(['exempt', 'superseded']),
            reason,
          }),
          response: { 201: approval },
        },
      },
      async ({ params, body, principal }, reply) => {
        const wanted = { release: await known(params.name), ...body }
        return reply.code(201).send(await requestExemption(installation, principal, wanted))
      },
    )

    app.get(
      '/holds',
      {
        config: { permission: 'hold:read' },
        schema: {
          querystring: z.object({ release: z.string().max(201).optional() }),
          response: { 200: z.array(evidenceRecord.extend({ lifted: z.boolean() })) },
        },
      },
      async (request) => {
        const filter = { release: request.query.release, limit: 500, newest: true }
        const [holds, lifts, keys] = await Promise.all([
          installation.evidence.list({ type: holdEvidence, ...filter }),
          installation.evidence.list({ type: holdLiftedEvidence, ...filter }),
          installation.evidence.list({ type: keyEvidence }),
        ])
        const people = new Set(keys.filter((it) => it.fields.kind === 'person').map((it) => it.fields.keyid))
        const lifted = new Set(
          lifts
            .filter((it) => new Set(it.signers.filter((keyid) => people.has(keyid))).size >= 2)
            .map((it) => it.fields.hold),
        )
        return holds.reverse().map((hold) => ({ ...recordOnWire(hold), lifted: lifted.has(hold.id) }))
      },
    )
    app.post(
      '/holds',
      {
        config: { permission: 'hold:place' },
        schema: {
          body: z.object({ release: z.string().min(3).max(201), reason }),
          response: { 201: z.object({ id: z.string(), recorded: z.boolean() }) },
        },
      },
      async (request, reply) => {
        const name = await known(request.body.release)
        return reply.code(201).send(await placeHold(installation, name, request.body.reason))
      },
    )
    app.post(
      '/holds/:id/lift',
      {
        config: { permission: 'hold:lift' },
        schema: { params: idParam, body: z.object({ reason }), response: { 201: approval } },
      },
      async (request, reply) => {
        const hold = await installation.evidence.get(request.params.id)
        if (hold?.predicateType !== holdEvidence.predicateType)
          throw new AvouchError('not-found', 'There is no such hold', { where: `hold ${request.params.id}` })
        const asked = await requestApproval(installation, request.principal, {
          act: 'hold/lift',
          summary: `Lift the hold on ${hold.about.release}: ${request.body.reason}`,
          draft: {
            type: holdLiftedEvidence,
            fields: { hold: hold.id, reason: request.body.reason },
            about: { release: hold.about.release },
          },
        })
        return reply.code(201).send(asked)
      },
    )
  }
}
