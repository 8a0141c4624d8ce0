import { isIP } from 'node:net'
import type { Assessment } from '@avouch/core/assessment'
import type { Commitment } from '@avouch/core/commitment'
import { AvouchError } from '@avouch/core/errors'
import { gate, registerRelease, type Verdict } from '@avouch/core/gate'
import type { Installation } from '@avouch/core/installation'
import type { TargetSpec } from '@avouch/core/model'
import type { Terminal } from '@avouch/core/verb'
import { checkPlan } from './check-plan.ts'

export type AssessOptions = {
  installation: Installation
  commitments: Commitment[]
  terminal: Terminal
  signal: AbortSignal
  release: string
  predecessor?: string
  snapshot: string
  configuration: 'bare' | 'safeguarded' | 'product'
  plan: string | undefined
  target: TargetSpec
}

/**
 * Takes one release through every commitment that can assess it, in their order, and asks the gate. What is
 * recorded stays recorded if it is stopped; running it again goes on where it was.
 */
export async function assessRelease(options: AssessOptions): Promise<Verdict> {
  const { installation, commitments, terminal, signal, release } = options
  const target = allowLoopback(options.target)
  if (options.plan !== undefined) await checkPlan(options.plan, commitments, release)
  const about = { release, snapshot: options.snapshot, configuration: options.configuration }
  await registerRelease(installation, about, {
    model: target.model,
    adapter: target.adapter,
    ...(options.predecessor !== undefined && { predecessor: options.predecessor }),
  })
  for (const commitment of commitments) {
    if (commitment.assess === undefined) continue
    if (signal.aborted)
      throw new AvouchError('unavailable', 'stopped before the end', {
        fix: 'Run the same command again: it goes on from here.',
      })
    terminal.say(`${commitment.number}. ${commitment.assess.title}`)
    const assess = await commitment.assess.load()
    const assessment: Assessment = {
      installation,
      release,
      about,
      target,
      plan: options.plan,
      concurrency: target.concurrency ?? 16,
      progress: (update) => terminal.progress(update),
      tell: (line) => terminal.say(`   ${line}`),
      signal,
    }
    await assess(assessment)
  }
  return gate(
    installation,
    release,
    commitments.flatMap((commitment) => commitment.obligations),
  )
}

/** A person who types a loopback address at their own machine means it; anything else private has to be allowed. */
function allowLoopback(target: TargetSpec): TargetSpec {
  let host: string
  try {
    host = new URL(target.url).hostname.replace(/^\[|\]$/g, '')
  } catch {
    throw new AvouchError('usage', `"${target.url}" is no address`, {
      where: '--target',
      fix: 'Write it like http://localhost:8080/v1.',
    })
  }
  const loopback = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  return loopback ? { ...target, allowPrivate: true } : target
}
