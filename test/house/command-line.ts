import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from './repository.ts'

/** What a run of the command line left behind. */
export type Ended = { status: number | null; stdout: string; stderr: string }

export type CommandLine = {
  /** Runs `avouch` with these words and waits for its end. */
  run(words: readonly string[], env?: Record<string, string>): Promise<Ended>
  /** The same with `--json`; the one document on stdout, parsed. Throws where stdout is anything else. */
  json<T = Record<string, unknown>>(
    words: readonly string[],
    env?: Record<string, string>,
  ): Promise<{ status: number | null; document: T }>
}

const MAIN = join(ROOT, 'apps/cli/src/main.ts')
const LONGEST_MS = 60_000

/** The real command in a process of its own, in a home of its own; nothing of this process's settings reaches it. */
export function commandLine(home: string, settings: Record<string, string> = {}): CommandLine {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('AVOUCH_')),
  )
  const run: CommandLine['run'] = (words, env = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [MAIN, ...words], {
        cwd: home,
        env: { ...clean, NO_COLOR: '1', AVOUCH_HOME: home, ...settings, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: LONGEST_MS,
        killSignal: 'SIGKILL',
      })
      let stdout = ''
      let stderr = ''
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk
      })
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk
      })
      child.on('error', reject)
      child.on('close', (status) => resolve({ status, stdout, stderr }))
    })
  return {
    run,
    async json<T>(words: readonly string[], env?: Record<string, string>) {
      const { status, stdout, stderr } = await run([...words, '--json'], env)
      try {
        return { status, document: JSON.parse(stdout) as T }
      } catch (cause) {
        throw new Error(
          `avouch ${words.join(' ')} --json ended ${status} and printed no single document: ${stdout}${stderr}`,
          { cause },
        )
      }
    },
  }
}
