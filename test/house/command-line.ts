import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeTestHome } from '@avouch/core/testing'
import { vi } from 'vitest'
import { main } from '../../apps/cli/src/run.ts'
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
  return withJson(
    (words, env = {}) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [MAIN, ...words], {
          cwd: home,
          env: { ...foreign(), ...own(home, settings, env) },
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
      }),
  )
}

/**
 * The same in this process, where a start costs nothing: for answers, not for what a process does (its start, its end,
 * its pipes). One at a time, since it borrows the environment and the output; paths must be absolute.
 */
export function commandLineHere(home: string, settings: Record<string, string> = {}): CommandLine {
  return withJson(async (words, env = {}) => {
    const before = process.env
    const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const written = ({ mock }: typeof stdout): string => mock.calls.map(([text]) => text).join('')
    process.env = { ...foreign(), ...own(home, settings, env) }
    try {
      const status = await main([...words])
      return { status, stdout: written(stdout), stderr: written(stderr) }
    } finally {
      process.env = before
      stdout.mockRestore()
      stderr.mockRestore()
    }
  })
}

function foreign(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AVOUCH_')))
}

function own(home: string, ...settings: Record<string, string>[]): Record<string, string> {
  return Object.assign({ NO_COLOR: '1', AVOUCH_HOME: home }, ...settings)
}

function withJson(run: CommandLine['run']): CommandLine {
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

/** Fresh folders for homes and files, all of which `remove` removes, with what still runs in them. */
export function testFolders(): { fresh(): Promise<string>; remove(): Promise<void> } {
  const folders: string[] = []
  return {
    async fresh() {
      const folder = await mkdtemp(join(tmpdir(), 'avouch-cli-'))
      folders.push(folder)
      return folder
    },
    async remove() {
      for (const folder of folders.splice(0)) await removeTestHome(folder)
    },
  }
}

/** An error as `--json` tells it. */
export type Failure = { error: { code: string; message: string; where?: string; fix?: string } }

/** A verdict of the gate as `--json` tells it. */
export type Gate = {
  release: string
  ready: boolean
  scope: { decision: string; why: string }
  obligations: { id: string; status: string; why: string; evidence: string[] }[]
  thresholds: { adopted: boolean; results: { id: string; status: string }[] }
  openFindings: unknown[]
  holds: { id: string; reason: string }[]
  decision: { decision: string; reason: string; decidedBy: string } | null
}
