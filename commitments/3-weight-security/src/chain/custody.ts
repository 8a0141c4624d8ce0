import type { EvidenceRecord } from '@avouch/core/evidence'
import { chainIn, inOrder, type Makers, makersOf } from './chain.ts'
import { signaturesIn } from './signatures.ts'
import { type CustodyStep, makes, type StepKind, stepsOf } from './step.ts'

/** Some weights as custody is drawn. */
export type CustodyNode = {
  digest: string
  /** Of the release itself, not only on the way to it. */
  released: boolean
  /** Its name in the release's signature; absent for a whole model and for what is on the way. */
  name?: string
  /** How many files of the release it stands for, where it is a signed model. */
  files?: number
  signed: boolean
  /** By somebody who is pinned: a signature by anybody else says little. */
  pinned: boolean
  origin: boolean
  gap: boolean
  circle: boolean
  retired: boolean
  /** On the way to the release, or only made out of something that is: a fork. */
  fork: boolean
  /** The steps that made it; none of a gap, and of a file that is only known as a part of a model. */
  made: CustodyAct[]
  /** Copies, deployments and retirement, oldest first. */
  moves: CustodyAct[]
}

/** A step as told of one digest. */
export type CustodyAct = {
  step: StepKind
  at: string
  by?: string
  evidence: string[]
  afterRetirement: boolean
}

/** That one was made out of another. `part`: no step, but being a part of a signed model. */
export type CustodyLink = {
  from: string
  to: string
  step: StepKind | 'part'
  at?: string
  by?: string
  evidence: string[]
  /** Whether a model signature covers what came out. */
  signed: boolean
  afterRetirement: boolean
}

export type Custody = {
  release: string
  /** There is something released, and all of it leads back without gap or circle. */
  complete: boolean
  released: { digest: string; name?: string; complete: boolean; gaps: string[]; circles: string[] }[]
  /** From the origins on. */
  nodes: CustodyNode[]
  links: CustodyLink[]
  /** What is wrong or open, in sentences. */
  problems: string[]
}

type Released = { digest: string; name?: string; files?: number }

/**
 * The custody of a release, out of the evidence of all releases. What is released: `objects` where they are known (such
 * as sealed ones), else what its newest model signature covers, else what its own steps made and nothing of them went on.
 * `pinned`: whose signatures count, as `pinnedIn` tells.
 */
export function custodyOf(
  evidence: readonly EvidenceRecord[],
  release: string,
  objects?: readonly { digest: string; name?: string }[],
  pinned: ReadonlySet<string> = new Set(),
): Custody {
  const steps = stepsOf(evidence)
  const signatures = signaturesIn(evidence)
  const makers = makersOf(steps, signatures)
  const model = signatures.models.findLast((one) => one.release === release)
  const released: Released[] = objects
    ? releasedBy(objects, model, makers)
    : model
      ? releasedBy(model.files, model, makers)
      : endsOf(evidence, release).map((digest) => ({ digest }))
  const chains = released.map(({ digest }) => chainIn({ steps, signatures, makers }, digest))
  const way = new Set(chains.flatMap((chain) => chain.digests))
  const forks = new Set(
    steps.flatMap(({ step, in: from, out }) =>
      makes(step) && from.some((at) => way.has(at)) ? out.filter((at) => !way.has(at)) : [],
    ),
  )
  const late = new Set(chains.flatMap((chain) => chain.afterRetirement))
  const circles = new Set(chains.flatMap((chain) => chain.circles))
  const actOf = (step: CustodyStep): CustodyAct => ({
    step: step.step,
    ...whenAndWho(step),
    afterRetirement: late.has(step),
  })
  const nodes = inOrder([...way, ...forks], makers).map((digest): CustodyNode => {
    const own = released.find((one) => one.digest === digest)
    const moved = steps.filter((step) => !makes(step.step) && step.in.includes(digest))
    return {
      digest,
      released: own !== undefined,
      ...(own?.name !== undefined && { name: own.name }),
      ...(own?.files !== undefined && { files: own.files }),
      signed: signatures.signed.has(digest),
      pinned: signatures.signers.get(digest)?.some((signer) => pinned.has(signer)) ?? false,
      origin: makers.get(digest)?.some((maker) => maker.in.length === 0) ?? false,
      gap: !makers.has(digest),
      circle: circles.has(digest),
      retired: moved.some(({ step }) => step === 'retire'),
      fork: forks.has(digest),
      made: (makers.get(digest) ?? []).flatMap(({ step }) => (step ? [actOf(step)] : [])),
      moves: moved.map(actOf),
    }
  })
  const custody = {
    release,
    complete: released.length > 0 && chains.every((chain) => chain.complete),
    released: released.map(({ digest, name }, i) => ({
      digest,
      ...(name !== undefined && { name }),
      complete: chains[i]!.complete,
      gaps: chains[i]!.gaps,
      circles: chains[i]!.circles,
    })),
    nodes,
    links: linksAmong(nodes, makers, late),
  }
  return { ...custody, problems: problemsOf(custody) }
}

/** Whether it is signed, and by somebody whose signature counts. */
export function signedInWords({ signed, pinned }: Pick<CustodyNode, 'signed' | 'pinned'>): string {
  return signed ? (pinned ? 'signed' : 'signed, signer not pinned') : 'not signed'
}

type Signed = { model: string; files: readonly { digest: string }[] }

/** The files that steps made themselves, and for all others the signed model they are part of. */
function releasedBy(
  files: readonly { digest: string; name?: string }[],
  signed: Signed | undefined,
  makers: Makers,
): Released[] {
  const parts = new Set(signed?.files.map(({ digest }) => digest))
  const alone = files.filter(
    ({ digest }) => !parts.has(digest) || makers.get(digest)?.some(({ step }) => step),
  )
  const others = files.length - alone.length
  // a model signed in shards lists no files: it stands for itself
  if (signed === undefined || (files.length > 0 && others === 0)) return alone
  return [...alone, { digest: signed.model, ...(others > 0 && { files: others }) }]
}

function endsOf(evidence: readonly EvidenceRecord[], release: string): string[] {
  const own = stepsOf(evidence.filter((record) => record.about.release === release))
  const gone = new Set(own.flatMap(({ step, in: from }) => (makes(step) ? from : [])))
  const there = own.flatMap(({ step, in: from, out }) => (step === 'retire' ? from : out))
  return [...new Set(there)].filter((digest) => !gone.has(digest))
}

function whenAndWho({ at, by, evidence }: CustodyStep): { at: string; by?: string; evidence: string[] } {
  return { at, ...(by !== undefined && { by }), evidence }
}

function linksAmong(
  nodes: readonly CustodyNode[],
  makers: Makers,
  late: ReadonlySet<CustodyStep>,
): CustodyLink[] {
  const there = new Set(nodes.map(({ digest }) => digest))
  return nodes.flatMap(({ digest: to, signed }) =>
    (makers.get(to) ?? []).flatMap(({ in: from, step, evidence }) =>
      from
        .filter((digest) => there.has(digest))
        .map((digest) => ({
          from: digest,
          to,
          step: step?.step ?? ('part' as const),
          ...(step ? whenAndWho(step) : { evidence }),
          signed,
          afterRetirement: step !== undefined && late.has(step),
        })),
    ),
  )
}

function problemsOf({ released, nodes, links }: Omit<Custody, 'problems'>): string[] {
  const short = (digest: string): string => `${digest.slice(0, 12)}…`
  const way = nodes.filter(({ fork }) => !fork)
  const told = (digests: string[], sentence: (list: string) => string): string[] => {
    if (digests.length === 0) return []
    const rest = digests.length > 5 ? ` and ${digests.length - 5} more` : ''
    return [sentence(digests.slice(0, 5).map(short).join(', ') + rest)]
  }
  const of = (which: (node: CustodyNode) => boolean): string[] => way.filter(which).map((node) => node.digest)
  const late = [...links, ...nodes.flatMap(({ moves }) => moves)].filter((one) => one.afterRetirement).length
  return [
    ...(released.length === 0 ? ['Nothing is known to be released: no signature and no step names it.'] : []),
    ...told(
      of(({ gap }) => gap),
      (list) => `Gap: nothing says where ${list} came from.`,
    ),
    ...told(
      of(({ circle }) => circle),
      (list) => `Contradiction: ${list} would be made out of itself.`,
    ),
    ...told(
      of(({ signed }) => !signed),
      (list) => `No model signature covers ${list}.`,
    ),
    ...told(
      of(({ signed, pinned }) => signed && !pinned),
      (list) => `Nobody whom two people pinned signed ${list}.`,
    ),
    ...(late > 0 ? [`${late} ${late === 1 ? 'step' : 'steps'} used weights after they were retired.`] : []),
  ]
}
