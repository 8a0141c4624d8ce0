/**
 * What asking a model through a target costs, against a bare undici pool making the same calls: 100 in flight, an
 * instant server in its own process, alternating warmed rounds, medians. Then the practice target's own speed.
 *
 *     node bench/model.ts [--calls 10000] [--rounds 7] [--json]
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'
import { openTarget } from '../core/src/model/index.ts'
import { startPracticeTarget } from '../core/src/model/practice/index.ts'

const IN_FLIGHT = 100
const MESSAGES = [
  { role: 'system' as const, content: 'You are a careful assistant.' },
  {
    role: 'user' as const,
    content: 'Which treaties limit the spread of dangerous materials, and who watches over them?',
  },
]

/** Answers every request at once with the same completion; bodies here are far smaller than one segment. */
function serveInstantly(): void {
  const body = JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    system_fingerprint: 'fp_1',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'A short answer. '.repeat(12) },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 20, completion_tokens: 48, total_tokens: 68 },
  })
  const answer = Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    // One request in flight on a connection, and undici writes head and body in one segment.
    socket.on('data', (bytes) => {
      if (bytes.at(-1) === 0x7d) socket.write(answer)
    })
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address === 'object' && address) process.send?.(`http://127.0.0.1:${address.port}/v1`)
  })
}

async function servePractice(): Promise<void> {
  const target = await startPracticeTarget()
  process.send?.(target.url)
  process.on('message', () => process.send?.(process.cpuUsage()))
}

async function start(what: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(fileURLToPath(import.meta.url), ['--serve', what])
  const [url] = await once(child, 'message')
  return { child, url: String(url) }
}

type Round = { perSecond: number; cpuMs: number }

async function round(calls: number, call: () => Promise<unknown>): Promise<Round> {
  let left = calls
  const began = performance.now()
  const cpu = process.cpuUsage()
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left-- > 0) await call()
    }),
  )
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: (calls / (performance.now() - began)) * 1000, cpuMs: (user + system) / 1000 / calls }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function bareCaller(
  url: string,
  model: string,
): { call: () => Promise<unknown>; close: () => Promise<void> } {
  const { origin } = new URL(url)
  const pool = new Pool(origin, { connections: IN_FLIGHT, pipelining: 1 })
  return {
    async call() {
      const { body } = await pool.request({
        method: 'POST',
        path: '/v1/chat/completions',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages: MESSAGES }),
      })
      return body.json()
    },
    close: () => pool.close(),
  }
}

async function compare(calls: number, rounds: number) {
  const { child, url } = await start('instant')
  const bare = bareCaller(url, 'm')
  const target = openTarget({
    adapter: 'openai',
    url,
    model: 'm',
    allowPrivate: true,
    concurrency: IN_FLIGHT,
  })
  const { signal } = new AbortController()
  const ask = () => target.ask({ messages: MESSAGES }, signal)
  await round(calls, bare.call)
  await round(calls, ask)
  const seen: { bare: Round[]; ask: Round[] } = { bare: [], ask: [] }
  for (let i = 0; i < rounds; i += 1) {
    seen.bare.push(await round(calls, bare.call))
    seen.ask.push(await round(calls, ask))
  }
  await Promise.all([bare.close(), target.close()])
  child.kill()
  const of = (list: Round[]) => ({
    callsPerSecond: Math.round(median(list.map(({ perSecond }) => perSecond))),
    cpuMsPerCall: Number(median(list.map(({ cpuMs }) => cpuMs)).toFixed(4)),
  })
  const ratio = median(seen.ask.map(({ cpuMs }, i) => cpuMs / seen.bare[i]!.cpuMs))
  const speed = median(seen.ask.map(({ perSecond }, i) => perSecond / seen.bare[i]!.perSecond))
  return {
    bare: of(seen.bare),
    ask: of(seen.ask),
    cpuRatio: Number(ratio.toFixed(2)),
    speedRatio: Number(speed.toFixed(2)),
  }
}

async function practice(calls: number, rounds: number) {
  const { child, url } = await start('practice')
  const cpuOf = async (): Promise<number> => {
    child.send('cpu')
    const [usage] = (await once(child, 'message')) as [NodeJS.CpuUsage]
    return (usage.user + usage.system) / 1000
  }
  const bare = bareCaller(url, 'example-model-2.0')
  await round(calls, bare.call)
  const seen: Round[] = []
  const before = await cpuOf()
  for (let i = 0; i < rounds; i += 1) seen.push(await round(calls, bare.call))
  const cpuMs = ((await cpuOf()) - before) / (calls * rounds)
  await bare.close()
  child.kill()
  return {
    answersPerSecond: Math.round(median(seen.map(({ perSecond }) => perSecond))),
    cpuMsPerAnswer: Number(cpuMs.toFixed(4)),
    answersPerCpuSecond: Math.round(1000 / cpuMs),
  }
}

const { values } = parseArgs({
  options: {
    serve: { type: 'string' },
    calls: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '7' },
    json: { type: 'boolean', default: false },
  },
})
if (values.serve === 'instant') serveInstantly()
else if (values.serve === 'practice') await servePractice()
else {
  const [calls, rounds] = [Number(values.calls), Number(values.rounds)]
  const result = {
    cpus: cpus().length,
    inFlight: IN_FLIGHT,
    calls,
    rounds,
    target: await compare(calls, rounds),
    practice: await practice(calls, rounds),
  }
  if (values.json) console.log(JSON.stringify(result))
  else console.dir(result, { depth: 4 })
}
