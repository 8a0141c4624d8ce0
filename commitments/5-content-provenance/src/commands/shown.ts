import type { Terminal } from '@avouch/core/verb'

/** Shows how far a long job is, in hundredths. */
export function shownOn(terminal: Terminal, task: string): (done: number) => void {
  return (done) => terminal.progress({ task, done: Math.floor(done * 100), total: 100 })
}
