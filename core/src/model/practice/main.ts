import { parseArgs } from 'node:util'
import { startPracticeTarget } from './server.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    seed: { type: 'string', default: '1' },
    latency: { type: 'string', default: '0' },
  },
})

const target = await startPracticeTarget({
  port: Number(values.port),
  host: values.host,
  seed: Number(values.seed),
  latencyMs: Number(values.latency),
})
console.log(JSON.stringify({ url: target.url, pid: process.pid }))

let closing = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (closing) return
    closing = true
    void target.close()
  })
