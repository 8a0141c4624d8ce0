import { styleText } from 'node:util'
import type { Verdict } from '@avouch/core/gate'
import type { Terminal } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'

const MARK = { met: '●', partly: '◐', missing: '○', exempt: '–', superseded: '–' } as const
const COLOUR = { met: 'green', partly: 'yellow', missing: 'red', exempt: 'dim', superseded: 'dim' } as const

/** Prints a verdict for a person: what is met, what is missing and why, and what closes the gate. */
export function printVerdict(terminal: Terminal, verdict: Verdict): void {
  const { say } = terminal
  say('')
  say(styleText('bold', `The gate for ${verdict.release}: ${verdict.ready ? 'open' : 'closed'}`))
  say(`  scope: ${verdict.scope.decision}. ${verdict.scope.why}`)
  say('')
  for (const o of verdict.obligations) {
    const mark = styleText(COLOUR[o.status], `${MARK[o.status]} ${o.status.padEnd(8)}`)
    say(
      `  ${mark} ${o.id.padEnd(5)} ${o.title}${o.due === 'before' ? '' : styleText('dim', ` (due ${o.due === 'at' ? 'at release' : 'standing'})`)}`,
    )
    if (o.status !== 'missing' || o.due === 'before')
      for (const line of wrap(o.why, 96)) say(styleText('dim', `             ${line}`))
  }
  say('')
  const { adopted, results } = verdict.thresholds
  say(
    `  thresholds: ${adopted ? results.map((t) => `${t.id} ${t.status}`).join(', ') || 'none' : 'none adopted (avouch gate adopt FILE)'}`,
  )
  for (const { id, beside } of results)
    if (beside.length > 0)
      say(
        styleText(
          'dim',
          `    ${id} goes by the widest of ${beside.length + 1}; ${beside.filter(({ passes }) => !passes).length} of the others would not pass`,
        ),
      )
  say(`  open findings: ${verdict.openFindings.length}${severities(verdict)}`)
  say(`  holds: ${verdict.holds.length === 0 ? 'none' : verdict.holds.map((h) => h.reason).join('; ')}`)
  say(
    `  decision: ${verdict.decision ? `${verdict.decision.decision}, ${verdict.decision.reason}` : 'none yet (avouch decide)'}`,
  )
  say(
    styleText(
      'dim',
      `  log: ${counted(verdict.basis.treeSize, 'leaf', 'leaves')}, ${verdict.basis.opened} opened for this, ${verdict.basis.unopened} not. Tested is not safe: a person decides.`,
    ),
  )
}

function severities(verdict: Verdict): string {
  const counts = new Map<string, number>()
  for (const { severity } of verdict.openFindings) counts.set(severity, (counts.get(severity) ?? 0) + 1)
  return counts.size === 0 ? '' : ` (${[...counts].map(([severity, n]) => `${n} ${severity}`).join(', ')})`
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line.length + word.length > width && line !== '') {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
