import { canonicalJson, carriedOut, type WorldState } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { ListedWorld, PlayedWorld } from '../world/define.ts'
import type { Setting } from './setting.ts'
import type { Step } from './step.ts'

/**
 * A branch's world as its recorded steps left it: made anew from seed and scenario, every call carried out again. Each
 * answer and each state must be what was recorded. Throws `proof` where one is not: a world that plays otherwise than it
 * did is never gone on with. Pure.
 */
export function replay(
  kind: ListedWorld,
  { set, seed }: Pick<Setting, 'set' | 'seed'>,
  steps: readonly Pick<Step, 'toolCalls' | 'results' | 'state'>[],
): PlayedWorld {
  const world = kind.make(set, seed)
  for (const [n, { toolCalls, results, state }] of steps.entries()) {
    const answers = carriedOut(world, toolCalls).map(({ content }) => content)
    if (canonicalJson([answers, world.state()]) !== canonicalJson([results, state]))
      throw new AvouchError('proof', `Step ${n + 1} of this branch does not play again as it was recorded`, {
        where: `world ${kind.name}`,
        fix: 'Its record or the world’s code was changed. Begin a new session, and keep this one for an audit.',
      })
  }
  return world
}

/** How far a branch comes by itself when the agent does nothing more: the time that is left passes in a world of its own. Throws as `replay`. */
export function leftAlone(
  kind: ListedWorld,
  setting: Pick<Setting, 'set' | 'seed'>,
  steps: readonly Pick<Step, 'toolCalls' | 'results' | 'state'>[],
): WorldState {
  const world = replay(kind, setting, steps)
  world.settle?.()
  return world.state()
}
