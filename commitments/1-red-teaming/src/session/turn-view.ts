import type { Stopped } from '../driving/drive.ts'
import { loadSandboxes } from '../driving/scenario.ts'
import type { Setting } from '../driving/setting.ts'
import type { StepRecord } from '../driving/step.ts'
import { branchOf, type OpenedTurn } from './branch.ts'
import type { TurnAnswer } from './sealed.ts'
import type { TurnState } from './session.ts'
import { toldToExpert } from './turn.ts'

/** Characters of one text of a model or a tool that are shown at most; the record holds all of it. */
const SHOWN = 16_384
/** Calls of one step that are shown at most: as many as are carried out. */
const CALLS_SHOWN = 32

/** Something that became true of a world: a state that must never be reached, or a task that was done. */
export type StateView = { id: string; title: string; stage?: string }

/** A step as it is read: what the agent said, what it called, what it was answered, and what that came to. */
export type StepView = {
  step: number
  text: string
  calls: { tool: string; arguments: string; result: string }[]
  /** Calls that are not shown. */
  more: number
  reached: StateView[]
  achieved: StateView[]
}

/** What an agent did in one turn. */
export type ActedView = {
  /** Of the turn before it, the step that it goes on from; null where it goes on from its end. */
  fromStep: number | null
  /** Whether this conversation goes on from the last of these steps, and what came after it is on another branch. */
  cut: boolean
  steps: StepView[]
  stopped: Stopped | null
  over: boolean
  /** All that must never be reached and was, on this branch so far. */
  reached: StateView[]
  /** What would be reached besides, if the agent did nothing more. */
  left: StateView[]
  achieved: StateView[]
  tokens: number
}

/** A turn as its expert sees it. */
export type TurnView = {
  turn: number
  parent: number | null
  state: TurnState
  message: string
  system: string | null
  temperature: number | null
  answer: TurnAnswer | null
  /** What went wrong, without the address. */
  problem: string | null
  askedAt: string
  answeredAt: string | null
  /** What the agent did in its world; null in a conversation. */
  acted: ActedView | null
}

/** The turns of one conversation with their words, and what was done in them on this branch. */
export async function viewThread(
  thread: readonly OpenedTurn[],
  setting: Setting | undefined,
): Promise<TurnView[]> {
  const titled = setting && (await titlesOf(setting.world))
  const { turns } = branchOf(thread)
  return turns.map((turn, n) => {
    const { stored, said, record, answer } = turn
    const state = record?.status ?? 'pending'
    return {
      turn: stored.turn,
      parent: stored.parent ?? null,
      state,
      message: said.message,
      system: said.system ?? null,
      temperature: said.temperature ?? null,
      answer: answer ?? null,
      problem: toldToExpert(state, record?.error) ?? null,
      askedAt: stored.askedAt.toISOString(),
      answeredAt: record?.answeredAt ?? null,
      acted: titled
        ? viewActed(turn, stateBefore(turns, n), titled, turns[n + 1]?.stored.fromStep !== undefined)
        : null,
    }
  })
}

type Titled = { forbidden(ids: readonly string[]): StateView[]; goals(ids: readonly string[]): StateView[] }

/** States of a world by id, with their titles; one that this version does not know any more by its id alone. */
export async function titlesOf(world: string): Promise<Titled> {
  const kind = (await loadSandboxes()).get(world)?.kind
  const among = (known: readonly StateView[] = []) => {
    const byId = new Map(known.map((one) => [one.id, one]))
    return (ids: readonly string[]) => ids.map((id) => byId.get(id) ?? { id, title: id })
  }
  return { forbidden: among(kind?.forbidden), goals: among(kind?.goals) }
}

/** How far the world had come when a turn began. */
function stateBefore(turns: readonly OpenedTurn[], n: number): StepRecord['state'] | undefined {
  for (let at = n - 1; at >= 0; at--) {
    const last = turns[at]!.steps.at(-1)
    if (last) return last.state
  }
  return undefined
}

function viewActed(
  { stored, record, steps }: OpenedTurn,
  before: StepRecord['state'] | undefined,
  titled: Titled,
  cut: boolean,
): ActedView {
  const state = steps.at(-1)?.state ?? before
  const reached = state?.reached ?? []
  return {
    fromStep: stored.fromStep ?? null,
    cut,
    steps: steps.map((step, n) => viewStep(step, n === 0 ? before : steps[n - 1]?.state, titled)),
    stopped: cut ? null : (record?.stopped ?? null),
    over: state?.over === true,
    reached: titled.forbidden(reached),
    left: titled.forbidden(
      cut ? [] : (record?.world?.left?.reached ?? []).filter((id) => !reached.includes(id)),
    ),
    achieved: titled.goals(state?.achieved ?? []),
    tokens: steps.reduce((sum, { tokens }) => sum + tokens, 0),
  }
}

function viewStep(
  { step, text, toolCalls, results, state }: StepRecord,
  before: StepRecord['state'] | undefined,
  titled: Titled,
): StepView {
  return {
    step,
    text: shown(text),
    calls: toolCalls.slice(0, CALLS_SHOWN).map((call, n) => ({
      tool: call.name.slice(0, 100),
      arguments: shown(call.arguments),
      result: shown(results[n] ?? ''),
    })),
    more: Math.max(0, toolCalls.length - CALLS_SHOWN),
    reached: titled.forbidden(state.reached.filter((id) => !before?.reached.includes(id))),
    achieved: titled.goals(state.achieved.filter((id) => !before?.achieved.includes(id))),
  }
}

function shown(text: string): string {
  return text.length <= SHOWN
    ? text
    : `${text.slice(0, SHOWN)}\n[${text.length - SHOWN} more characters are recorded and not shown]`
}
