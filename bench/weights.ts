/**
 * What sealing and opening weights cost, against Debian's `age` and `cp` of the same file on the same tmpfs: the best of
 * several rounds of each, alternating. `seal` and `open` are what the installation does once it is open, evidence and
 * all; with --command the whole command is timed, from its start to its end. Beside the ratios stand the best times, the
 * plain SHA-256 of the file in one thread, which no sealing that names a digest can do without, and the peak memory.
 *
 *     node bench/weights.ts [--bytes 2147483648] [--rounds 5] [--workers 2] [--dir /dev/shm] [--command] [--json]
 */
import { spawn } from 'node:child_process'
import { createHash, randomFillSync } from 'node:crypto'
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openKek } from '../commitments/3-weight-security/src/kek/open.ts'
import { openObject } from '../commitments/3-weight-security/src/object/open.ts'
import { openToFile } from '../commitments/3-weight-security/src/object/open-file.ts'
import { sealWeights } from '../commitments/3-weight-security/src/object/seal-weights.ts'
import { loadConfig } from '../core/src/config.ts'
import { discoverCommitments } from '../core/src/discover.ts'
import { type OpenInstallation, openInstallation } from '../core/src/open.ts'
import { removeTestHome } from '../core/src/testing/index.ts'

const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: String(2 ** 31) },
    rounds: { type: 'string', default: '5' },
    workers: { type: 'string', default: '2' },
    dir: { type: 'string', default: '/dev/shm' },
    command: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const [bytes, rounds, workers] = [values.bytes, values.rounds, values.workers].map(Number) as [
  number,
  number,
  number,
]
const CLI = fileURLToPath(new URL('../apps/cli/src/main.ts', import.meta.url))

const dir = await mkdtemp(join(values.dir, 'avouch-weights-'))
const home = join(dir, 'home')
const at = (name: string): string => join(dir, name)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

async function run(program: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, error] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    error += chunk
  })
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  )
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${error}`)
  return out
}

function makePlain(path: string): void {
  const file = openSync(path, 'wx')
  const block = Buffer.alloc(4 * 1024 * 1024)
  for (let done = 0; done < bytes; done += block.length)
    writeSync(file, randomFillSync(block), 0, Math.min(block.length, bytes - done))
  closeSync(file)
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  const file = openSync(path, 'r')
  const block = Buffer.alloc(1024 * 1024)
  for (let read = readSync(file, block); read > 0; read = readSync(file, block))
    hash.update(block.subarray(0, read))
  closeSync(file)
  return hash.digest('hex')
}

type Times = Record<'cp' | 'sha256' | 'age' | 'seal' | 'ageOpen' | 'open', number[]>

async function measure(installation: OpenInstallation): Promise<Times> {
  const times: Times = { cp: [], sha256: [], age: [], seal: [], ageOpen: [], open: [] }
  await run('age-keygen', ['-o', at('key')])
  const recipient = (await run('age-keygen', ['-y', at('key')])).trim()
  const kek = await openKek(installation.config)
  const plainDigest = await hashOf(at('plain'))
  for (let round = 0; round < rounds; round++) {
    times.cp.push(await timed(() => run('cp', [at('plain'), at('copy')])))
    await rm(at('copy'))
    times.sha256.push(await timed(() => hashOf(at('plain'))))
    times.age.push(await timed(() => run('age', ['-r', recipient, '-o', at('age'), at('plain')])))
    times.ageOpen.push(await timed(() => run('age', ['-d', '-i', at('key'), '-o', at('copy'), at('age')])))
    await rm(at('age'))
    await rm(at('copy'))
    const model = `bench@${round}`
    const env = { ...process.env, AVOUCH_HOME: home }
    let blob = ''
    if (values.command) {
      const flags = ['--workers', String(workers)]
      const seal = ['weights', 'seal', at('plain'), '--model', model, '--json', ...flags]
      let said = ''
      times.seal.push(
        await timed(async () => {
          said = await run(process.execPath, [CLI, ...seal], env)
        }),
      )
      const [object] = (JSON.parse(said) as { objects: { id: string; digest: string }[] }).objects
      blob = `weights/${object!.id}`
      const open = ['weights', 'open', model, '--without-lease', 'bench', '--out', at('copy'), ...flags]
      times.open.push(await timed(() => run(process.execPath, [CLI, ...open], env)))
    } else {
      let object: Awaited<ReturnType<typeof sealWeights>>[number]['object'] | undefined
      times.seal.push(
        await timed(async () => {
          object = (await sealWeights(installation, kek, at('plain'), { model, workers }))[0]!.object
        }),
      )
      if (object!.digest !== plainDigest) throw new Error('sealing found another digest')
      blob = object!.blob
      times.open.push(
        await timed(async () => {
          const opened = await openObject(installation, object!, {
            authorise: { open: async () => undefined },
          })
          await openToFile(opened, installation.config.blobs, at('copy'), { workers }).finally(() =>
            opened.close(),
          )
        }),
      )
    }
    if ((await hashOf(at('copy'))) !== plainDigest) throw new Error('opening gave back other bytes')
    await rm(at('copy'))
    await installation.blobs.delete(blob)
  }
  return times
}

try {
  makePlain(at('plain'))
  const installation = await openInstallation(loadConfig({}, { home }), {
    commitments: await discoverCommitments(),
  })
  try {
    const load = loadavg()[0]!
    const times = await measure(installation)
    const best = Object.fromEntries(
      Object.entries(times).map(([name, all]) => [name, Math.min(...all)]),
    ) as Record<keyof Times, number>
    const round = (value: number): number => Math.round(value * 100) / 100
    const result = {
      ...{
        cpus: cpus().length,
        loadBefore: round(load),
        bytes,
        rounds,
        workers,
        wholeCommand: values.command,
      },
      bestSeconds: Object.fromEntries(Object.entries(best).map(([name, value]) => [name, round(value)])),
      ratios: {
        'seal against age (wanted 1.25)': round(best.age / best.seal),
        'seal against cp (wanted 0.6)': round(best.cp / best.seal),
        'open against age -d (wanted 1.25)': round(best.ageOpen / best.open),
        'open against cp (wanted 0.6)': round(best.cp / best.open),
        'sha256 alone against cp': round(best.cp / best.sha256),
      },
      // of this process, which without --command is the one that seals
      peakMiB: values.command ? undefined : Math.round(process.resourceUsage().maxRSS / 1024),
    }
    if (values.json) console.log(JSON.stringify(result))
    else console.dir(result, { depth: 4 })
  } finally {
    await installation.close()
  }
} finally {
  await removeTestHome(home)
  await rm(dir, { recursive: true, force: true })
}
