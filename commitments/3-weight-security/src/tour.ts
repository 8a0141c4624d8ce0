import { createCipheriv, generateKeyPairSync, hash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApprovalAct, beginApproval, finishApproval, LOCAL } from '@avouch/core/auth'
import type { SoftwarePerson, Tour } from '@avouch/core/tour'
import { counted } from '@avouch/core/words'
import { grantAct } from './access/grant.ts'
import { adoptPolicies } from './access/policy/adopt.ts'
import { writeDefaults } from './access/policy/files.ts'
import { findPolicy } from './access/policy-store.ts'
import { setProfile } from './access/profile.ts'
import { requestAccess } from './access/request.ts'
import { beginReviewDecisions, finishReview, nextReview, openReview } from './access/review.ts'
import { listItems, listReviews } from './access/review-store.ts'
import { listLeases } from './access/store.ts'
import { runOverFile } from './alerts/keep.ts'
import { custodyNow, recordStep } from './chain/record.ts'
import { bytesInWords } from './commands/wording.ts'
import { DAY, makeCompany } from './exercise/company.ts'
import { everyday } from './exercise/everyday.ts'
import { runExercise } from './exercise/run.ts'
import { openKek } from './kek/open.ts'
import { sealWeights } from './object/seal-weights.ts'
import { pinnedSigners, pinSigners, signersAct } from './pinning/pin.ts'
import { beginComparison, finishComparison } from './programme/compare.ts'
import { type EcPrivateKey, publicKeyOf } from './signing/ec-key.ts'
import { manifestOfSealed, recordSignature } from './signing/record.ts'
import { signManifest } from './signing/sign.ts'
import { serveWeights } from './tour-serving.ts'

/** Two small files in the form of real ones, of numbers that look random. */
const FILES = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']
const FILE_BYTES = 4 * 2 ** 20

/**
 * The weights of the example release: sealed, signed, their custody told; leased to somebody whom two others trust with
 * them, and read; an exercise that plants thefts to see how many are found; and the programme it belongs to.
 */
export async function weightsTour(tour: Tour): Promise<void> {
  await holdWeights(tour)
  await leaseWeights(tour)
  await exerciseDetection(tour)
  await runProgramme(tour)
}

async function holdWeights(tour: Tour): Promise<void> {
  const { installation, release, tell, progress } = tour
  const folder = await mkdtemp(join(tmpdir(), 'avouch-weights-'))
  const kek = await openKek(installation.config)
  try {
    for (const name of FILES) await writeFile(join(folder, name), exampleWeights(`${release}/${name}`))
    const sealed = await sealWeights(installation, kek, folder, {
      model: release,
      onProgress: (done, total, note) => progress({ task: 'sealing (bytes)', done, total, note }),
    })
    const bytes = sealed.reduce((sum, { object }) => sum + object.bytes, 0)
    tell(
      `Sealed ${counted(sealed.length, 'file')}, ${bytesInWords(bytes)}, under key ${sealed[0]?.object.kek}.`,
    )
    // a second tour finds the weights sealed, and their custody told
    for (const { object } of sealed.filter((one) => one.sealed))
      await recordStep(
        installation,
        { step: 'train', in: [], out: [object.digest], by: 'example-training-run' },
        release,
      )
  } finally {
    await kek.close()
    await rm(folder, { recursive: true, force: true })
  }
  const key = newKey()
  await pinSigner(tour, key)
  const signed = signManifest(await manifestOfSealed(installation, release), { key })
  await recordSignature(installation, Buffer.from(signed.bundle), key.public, release)
  const { complete } = await custodyNow(installation, release)
  tell(`Signed by key ${key.public.hint}; custody is ${complete ? 'complete' : 'not complete'}.`)
}

/** Two people say that this key signs for the company; a second tour's key takes the place of the first. */
async function pinSigner({ installation, person }: Tour, { public: { hint } }: EcPrivateKey): Promise<void> {
  const before = (await pinnedSigners(installation))?.signers ?? []
  const name = 'example release pipeline'
  const pinning = await pinSigners(installation, LOCAL, {
    signers: [...before.filter((one) => one.name !== name), { name, method: 'key', signer: hint }],
    reason: 'The key was made for the example release.',
  })
  if (pinning.state === 'in-force') return
  const act = signersAct(installation)
  for (const name of ['custodian', 'security lead'])
    await approve(installation, await person(name, ['custodian']), pinning.approval, act)
}

/** A safetensors file of one tensor: the same bytes for the same seed. */
function exampleWeights(seed: string): Buffer {
  const tensor = { dtype: 'F32', shape: [FILE_BYTES / 4], data_offsets: [0, FILE_BYTES] }
  const header = Buffer.from(JSON.stringify({ 'layer.0.weight': tensor }))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const stream = createCipheriv('aes-256-ctr', hash('sha256', seed, 'buffer'), Buffer.alloc(16))
  return Buffer.concat([length, header, stream.update(Buffer.alloc(FILE_BYTES))])
}

function newKey(): EcPrivateKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { key: privateKey, public: publicKeyOf(publicKey) }
}

/** Somebody asks to read a part of one file for an hour; two of other teams sign for it. */
async function leaseWeights(tour: Tour): Promise<void> {
  const { installation, release, person, tell } = tour
  // a second tour finds policies in force, and leaves them as they are
  if ((await findPolicy(installation.db)) === undefined) {
    await writeDefaults(installation.config, { [release.split('@')[0]!]: ['example'] })
    const { policies } = await adoptPolicies(installation, LOCAL)
    tell(
      `${counted(policies.policies.size, 'policy is', 'policies are')} in force; they let evaluation ask for three days at most.`,
    )
  }
  const holder = await person('evaluator', ['custodian'])
  const approvers = [await person('custodian', ['custodian']), await person('security lead', ['custodian'])]
  const teams = ['evaluation', 'platform', 'security']
  for (const [at, { person: one }] of [holder, ...approvers].entries())
    await setProfile(installation, LOCAL, one.id, {
      team: teams[at]!,
      functions: [at === 0 ? 'weights-evaluation' : 'weights-approver'],
      projects: ['example'],
      environments: ['evaluation'],
    })
  const request = await requestAccess(installation, await holder.principal(), {
    model: release,
    object: FILES[0]!,
    segments: [0, 1],
    environment: 'evaluation',
    seconds: 3600,
    purpose: 'evaluation',
    reason: 'To run the planned evaluation of the example release.',
  })
  const act = grantAct(installation)
  for (const approver of approvers) await approve(installation, approver, request.approval!, act)
  const leases = await listLeases(installation.db, { holder: holder.person.id })
  await installation.evidence.logged(leases.map(({ evidence }) => evidence))
  tell(`${holder.person.name} asked to read 2 segments for an hour; two people of other teams signed.`)
  const lease = leases.find((one) => one.request === request.id)
  if (lease)
    await serveWeights(tour, {
      ...{ id: lease.id, object: lease.object, environment: lease.environment, holder, approvers },
      segments: [lease.first_segment, lease.last_segment],
    })
  await reviewAccess(installation, approvers, tell)
}

/** Where a review of everyone's access is due, two people decide it, neither on themselves. */
async function reviewAccess(
  installation: Tour['installation'],
  reviewers: readonly SoftwarePerson[],
  tell: Tour['tell'],
): Promise<void> {
  // a worker beside the tour may have opened it already
  const open = (await listReviews(installation.db)).find(({ closedAt }) => closedAt === undefined)
  const due = open ? installation.now() : await nextReview(installation)
  if (due === undefined || due > installation.now()) return
  const review = open ?? (await openReview(installation))
  let undecided = (await listItems(installation.db, review.id)).map(({ person }) => person)
  const people = undecided.length
  for (const reviewer of reviewers) {
    const by = await reviewer.principal()
    const others = undecided.filter((person) => person !== reviewer.person.id)
    undecided = undecided.filter((person) => person === reviewer.person.id)
    const decisions = others.map((person) => ({
      ...{ person, decision: 'keep' as const },
      words: 'Their work on the example release needs it.',
    }))
    const asking = await beginReviewDecisions(installation, by, review.id, decisions)
    await finishReview(installation, by, reviewer.answer(asking))
  }
  tell(
    `Everyone’s access was reviewed: ${counted(people, 'person', 'people')}, each decided on by somebody else.`,
  )
}

async function approve(
  installation: Tour['installation'],
  approver: SoftwarePerson,
  approval: string,
  act: ApprovalAct,
): Promise<void> {
  const by = await approver.principal()
  const asking = await beginApproval(installation, by, approval, act)
  await finishApproval(installation, by, approval, approver.answer(asking), act)
}

/** Thefts planted among made-up everyday work: a small exercise, to be read with its intervals. */
async function exerciseDetection({ installation, tell, progress, signal }: Tour): Promise<void> {
  const { rows } = await runExercise(
    installation,
    {
      seed: 'guided-tour',
      people: 40,
      days: 60,
      repetitions: 2,
      scenarios: undefined,
      alertsPerDay: [1, 3, 10],
    },
    {
      signal,
      onProgress: (done, total, note) => progress({ task: 'exercise', done, total, note }),
    },
  )
  const kinds = new Set(rows.map(({ scenario }) => scenario).filter((name) => name !== 'all'))
  tell(`Planted ${kinds.size} kinds of theft in made-up companies; the report tells how many were found.`)
}

/** The detector over a month and a half of a made-up company's days, and a person's word on the whole programme. */
async function runProgramme({ installation, person, tell }: Tour): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'avouch-events-'))
  const days = 45
  const today = Math.floor(installation.now().getTime() / DAY) * DAY
  try {
    const { events } = everyday(
      makeCompany({ seed: 'guided-tour', start: today - days * DAY, days, people: 20 }),
    )
    const file = join(folder, 'events.jsonl')
    await writeFile(file, events.map((event) => JSON.stringify(event)).join('\n'))
    const { detection, fresh } = await runOverFile(installation, { events: file, alertsPerDay: 1 })
    tell(
      `The detector judged ${detection.events} made-up events; ${counted(fresh.length, 'alert waits', 'alerts wait')} for somebody.`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const lead = await person('head of security', ['security'])
  const by = await lead.principal()
  const asking = await beginComparison(installation, by, {
    secrets:
      'The example company’s signing keys: two people, hardware, and the same watch over who uses them.',
    atLeast: true,
    statement: 'Weights are leased segment by segment under the same rules, and every read is judged.',
    gaps: [],
  })
  const { id } = await finishComparison(installation, by, lead.answer(asking))
  await installation.evidence.logged([id])
  tell(`${lead.person.name} signed that this is at least what protects the company’s signing keys.`)
}
