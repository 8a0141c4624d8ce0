import type { TurnLine } from '../../outside-data.ts'

/** A turn in the order of its conversations, as deep as there are branchings before it. */
type Placed = TurnLine & { depth: number }

/** The turns of a session as a tree: only a branching indents, so that a long conversation stays readable. */
function placed(tree: readonly TurnLine[]): Placed[] {
  const children = new Map<number | null, TurnLine[]>()
  for (const line of tree) children.set(line.parent, [...(children.get(line.parent) ?? []), line])
  const order: Placed[] = []
  // A stack and no recursion: a conversation may be five hundred turns long.
  const waiting: Placed[] = (children.get(null) ?? []).map((line) => ({ ...line, depth: 0 })).reverse()
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    order.push(next)
    const on = children.get(next.turn) ?? []
    const depth = next.depth + (on.length > 1 ? 1 : 0)
    for (const line of [...on].reverse()) waiting.push({ ...line, depth })
  }
  return order
}

/** The turns from the first to this one. */
function threadTo(tree: readonly TurnLine[], at: number | undefined): Set<number> {
  const parents = new Map(tree.map(({ turn, parent }) => [turn, parent]))
  const thread = new Set<number>()
  for (let turn = at ?? null; turn !== null; turn = parents.get(turn) ?? null) thread.add(turn)
  return thread
}

const states: Record<string, string> = {
  pending: 'under way',
  errored: 'no answer',
  'refused-by-provider': 'turned away',
}

/** All turns and where they branch; choosing one shows the conversation up to it. */
export function Tree(props: {
  tree: readonly TurnLine[]
  at: number | undefined
  go: (turn: number) => void
}) {
  const { tree, at, go } = props
  const thread = threadTo(tree, at)
  return (
    <nav aria-labelledby="tree" className="cs-stack">
      <h2 id="tree" className="cs-side-title">
        Turns and branches
      </h2>
      {tree.length === 0 ? (
        <p className="cs-soft">They stand here once you have asked something.</p>
      ) : (
        <ol className="cs-tree">
          {placed(tree).map(({ turn, begins, state, depth, steps, reached }) => (
            <li
              key={turn}
              style={{ paddingInlineStart: `${Math.min(depth, 6) * 0.9}rem` }}
              data-on={thread.has(turn)}
            >
              <button
                type="button"
                className="cs-link"
                aria-current={turn === at ? 'true' : undefined}
                onClick={() => go(turn)}
              >
                <span className="cs-turn-number">{turn}</span>{' '}
                {steps > 0 && <Acted steps={steps} reached={reached.length > 0} />}
                {begins || (begins === '' ? '(went on)' : '')}
                {states[state] && <span className="cs-small"> ({states[state]})</span>}
              </button>
            </li>
          ))}
        </ol>
      )}
    </nav>
  )
}

/** Before the words, which may be cut off where they are long. */
function Acted({ steps, reached }: { steps: number; reached: boolean }) {
  return (
    <span className="cs-small">
      {steps === 1 ? '1 step' : `${steps} steps`}
      {reached && <span className="cs-hit">, reached</span>}:{' '}
    </span>
  )
}
