import { styleText } from 'node:util'
import type { Progress, Terminal } from '@avouch/core/verb'
import { shown as printable, shownJson } from './shown.ts'

const EVERY_MS = 2000
const FRAME_MS = 80
const BAR = 24

/** The real terminal: results on stdout, progress on stderr as a bar, or as a line now and then where it is a file. */
export function openTerminal({
  json,
}: {
  json: boolean
}): Terminal & { note(line: string): void; end(): void } {
  const live = process.stderr.isTTY === true
  let shown = false
  let last = 0
  let task = ''
  let began = 0

  const clear = (): void => {
    if (shown) process.stderr.write('\r\u001b[K')
    shown = false
  }
  return {
    json,
    say: (line) => {
      if (json) return
      clear()
      process.stdout.write(`${printable(line)}\n`)
    },
    result: (value) => {
      if (json) process.stdout.write(`${shownJson(value, 2)}\n`)
    },
    note: (line) => {
      clear()
      process.stderr.write(`${printable(line)}\n`)
    },
    progress: (update) => {
      const now = Date.now()
      if (update.task !== task) {
        task = update.task
        began = now
        last = 0
      }
      const finished = update.done >= update.total
      if (!finished && now - last < (live ? FRAME_MS : EVERY_MS)) return
      last = now
      const line = printable(describe(update, now - began))
      if (live) {
        process.stderr.write(`\r\u001b[K${line}`)
        shown = true
        if (finished) {
          process.stderr.write('\n')
          shown = false
        }
      } else process.stderr.write(`${line}\n`)
    },
    end: clear,
  }
}

function describe({ task, done, total, note }: Progress, elapsed: number): string {
  const share = total === 0 ? 1 : done / total
  const rate = elapsed > 0 ? (done * 1000) / elapsed : 0
  const left = rate > 0 && done < total ? `, ${duration((total - done) / rate)} left` : ''
  const filled = Math.round(share * BAR)
  const bar = process.stderr.isTTY
    ? `${styleText('green', '━'.repeat(filled))}${styleText('dim', '━'.repeat(BAR - filled))} `
    : ''
  const speed = rate > 0 ? ` ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s` : ''
  return `  ${task} ${bar}${done}/${total}${speed}${left}${note ? ` · ${note}` : ''}`
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.ceil(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
