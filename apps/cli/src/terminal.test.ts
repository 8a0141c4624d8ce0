import { styleText } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { main } from './run.ts'
import { openTerminal } from './terminal.ts'

let out = ''
const write = (chunk: string | Uint8Array) => {
  out += String(chunk)
  return true
}
afterEach(() => {
  vi.restoreAllMocks()
  out = ''
})

function told(act: (terminal: ReturnType<typeof openTerminal>) => void, json = false): string {
  vi.spyOn(process.stdout, 'write').mockImplementation(write as typeof process.stdout.write)
  vi.spyOn(process.stderr, 'write').mockImplementation(write as typeof process.stderr.write)
  const terminal = openTerminal({ json })
  act(terminal)
  vi.restoreAllMocks()
  return out
}

/** What a model, a file or a stranger may be called: clears the screen, sets a title, ends the line, turns letters round. */
const HOSTILE =
  'a\u001b[2J\u001b]0;title\u0007\u009b1A\r\n✓ forged\u202Ereversed\u2028\u200b\u007f\u001b[8mhidden'

describe('the terminal', () => {
  it('shows what would act on it as its code, on one line', () => {
    const line = told(({ say }) => say(`Probe ${HOSTILE}`))
    expect(line).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+\n$/u)
    expect(line).toContain('\\u001b[2J')
    expect(line).toContain('\\u000a✓ forged\\u202ereversed')
    out = ''
    const note = told(({ note: noted, progress }) => {
      noted(HOSTILE)
      progress({ task: HOSTILE, done: 1, total: 1, note: HOSTILE })
    })
    expect(note.replaceAll('\n', '')).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+$/u)
    expect(note.split('\n')).toHaveLength(3)
  })

  it('prints what is meant to be several lines as several lines', async () => {
    vi.spyOn(process.stdout, 'write').mockImplementation(write as typeof process.stdout.write)
    expect(await main(['gate', 'catalogue', '--oscal'])).toBe(0)
    vi.restoreAllMocks()
    expect(out.split('\n').length).toBeGreaterThan(100)
    expect(JSON.parse(out)).toHaveProperty('catalog')
  })

  it('leaves our own styles and other scripts as they are', () => {
    const line = `${styleText(['bold', 'green'], 'met', { validateStream: false })} 日本語 é 👍`
    expect(told(({ say }) => say(line))).toBe(`${line}\n`)
  })

  it('prints JSON that reads back as it was, and holds nothing that acts', () => {
    const printed = told(({ result }) => result({ name: HOSTILE }), true)
    expect(JSON.parse(printed)).toEqual({ name: HOSTILE })
    expect(printed.replaceAll('\n', '')).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+$/u)
  })
})
