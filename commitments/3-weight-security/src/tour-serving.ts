import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { hostname } from 'node:os'
import { beginApproval, finishApproval, LOCAL } from '@avouch/core/auth'
import type { SoftwarePerson, Tour } from '@avouch/core/tour'
import { environmentAct } from './attestation/act.ts'
import { attest, challenge } from './attestation/attest.ts'
import { confirmEnvironmentPolicy, setEnvironmentPolicy } from './attestation/set-policy.ts'
import { signedBytes } from './attestation/verifiers/signed-statement.ts'
import { bytesInWords } from './commands/wording.ts'
import { recordTheftFigures, spanInWords, theftFigures } from './egress/figures.ts'
import { setLimits } from './egress/set.ts'
import { limitsInForce } from './egress/store.ts'
import { openObject } from './object/open.ts'
import { readPlaintext } from './object/range.ts'
import { sealReads } from './serve/seal-reads.ts'
import { underLease } from './serve/under-lease.ts'
import { findObject } from './store.ts'

/** A lease of the tour, whose hand it is, and who may approve what it needs. */
export type TourLease = {
  id: string
  object: string
  segments: [number, number]
  environment: string
  holder: SoftwarePerson
  approvers: readonly SoftwarePerson[]
}

/** Limits what may be read, has the environment attest, reads under the lease, and works out what a thief would need. */
export async function serveWeights(tour: Tour, lease: TourLease): Promise<void> {
  const { installation, release, tell } = tour
  // a second tour finds limits in force, and leaves them as they are
  if ((await limitsInForce(installation.db)) === undefined)
    await setLimits(installation, LOCAL, {
      limits: {
        budgets: [
          { id: 'person', per: ['person', 'model'], only: {}, share: { of: 0.3, days: 7 } },
          { id: 'model', per: ['model'], only: {}, share: { of: 4, days: 1 } },
        ],
      },
      reason: 'Nobody needs more than a third of the example model in a week.',
    })
  const attestation = await attestEnvironment(tour, lease)
  const object = await findObject(installation.db, { id: lease.object })
  if (object === undefined) return
  const by = await lease.holder.principal()
  const use = { lease: lease.id, by, sink: 'pipe' as const, host: hostname(), attestation }
  const opened = await openObject(installation, object, {
    authorise: underLease(installation, use),
    segments: lease.segments,
  })
  let bytes = 0
  try {
    for await (const piece of readPlaintext(opened)) bytes += piece.length
  } finally {
    await opened.close()
  }
  await sealReads(installation)
  tell(`${lease.holder.person.name} read ${bytesInWords(bytes)} of it; the read was on record before.`)
  const figures = await theftFigures(installation, release, {
    people: [2, 4],
    environments: [lease.environment],
  })
  await recordTheftFigures(installation, figures)
  tell(`At the limits in force, stealing all of it alone takes: ${spanInWords(figures.alone)}.`)
}

/** The environment shows what it runs, by a key in this process's memory. Returns its token. */
async function attestEnvironment(tour: Tour, { environment, approvers }: TourLease): Promise<string> {
  const { installation, release, tell } = tour
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const measurement = { image: 'example-evaluation-image' }
  const policy = {
    attestation: {
      verifier: 'signed-statement',
      trust: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      measurements: [measurement],
      maxAgeSeconds: 3600,
    },
  }
  const set = await setEnvironmentPolicy(installation, LOCAL, {
    ...{ name: environment, policy },
    reason: 'Weights are opened only in the image that was reviewed.',
  })
  // whom to trust is for two people: the first time they confirm it, a second tour has another key
  const { approval } =
    set.state === 'proposed'
      ? set
      : await confirmEnvironmentPolicy(installation, LOCAL, {
          ...{ name: environment, reason: 'The key was made in that environment.' },
        })
  for (const one of approvers) await approve(tour, one, approval)
  const asked = await challenge(installation, environment)
  const document = stated(privateKey, {
    environment,
    measurement,
    nonce: asked.nonce,
    at: installation.now(),
  })
  const { token, evidence } = await attest(installation, { challenge: asked.id, document, release })
  tell(`The environment ${environment} attested what it runs, in software; evidence ${evidence}.`)
  return token
}

function stated(
  key: KeyObject,
  given: { environment: string; measurement: Record<string, string>; nonce: Buffer; at: Date },
): Buffer {
  const { environment, measurement, nonce, at } = given
  const statement = { environment, measurement, nonce: nonce.toString('hex'), time: at.toISOString() }
  const signature = sign(null, signedBytes(statement), key).toString('base64')
  return Buffer.from(JSON.stringify({ statement, signature }))
}

async function approve({ installation }: Tour, approver: SoftwarePerson, approval: string): Promise<void> {
  const by = await approver.principal()
  const act = environmentAct(installation)
  const asking = await beginApproval(installation, by, approval, act)
  await finishApproval(installation, by, approval, approver.answer(asking), act)
}
