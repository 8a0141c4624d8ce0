import { resolve } from 'node:path'
import { discoverCommitments } from '@avouch/core/discover'
import type { Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { assessRelease } from '../assess.ts'
import { printVerdict } from '../print-verdict.ts'

export const targetOptions = {
  target: z.string().describe("the endpoint's base address, such as http://localhost:8080/v1"),
  model: z.string().min(1).describe('the model name that the endpoint knows'),
  adapter: z
    .enum(['openai', 'anthropic', 'http'])
    .default('openai')
    .describe('how the endpoint speaks: openai, anthropic or http'),
  keyVariable: z.string().optional().describe('environment variable that holds the API key'),
  allowPrivate: z
    .boolean()
    .optional()
    .describe('allow loopback and private addresses (loopback is always allowed)'),
}

export default {
  '': {
    summary:
      'Assess a release: scope, red-teaming and every other commitment that can test it, then the gate',
    options: {
      ...targetOptions,
      release: z.string().describe('NAME@VERSION'),
      predecessor: z.string().optional().describe('the release before it, for comparison'),
      snapshot: z
        .string()
        .optional()
        .describe('the snapshot: sha256:HEX of the weights, or id:NAME as the provider calls it'),
      configuration: z
        .enum(['bare', 'safeguarded', 'product'])
        .default('safeguarded')
        .describe('bare, safeguarded or product'),
      plan: z
        .string()
        .optional()
        .describe('a plan file (YAML); without it each commitment uses its own default'),
      concurrency: z.coerce
        .number()
        .int()
        .min(1)
        .max(1000)
        .default(16)
        .describe('requests in flight at most'),
      out: z.string().optional().describe('also write the report into this folder'),
    },
    run: async ({ installation, terminal, options, signal }) => {
      const o = options as {
        target: string
        model: string
        adapter: 'openai' | 'anthropic' | 'http'
        keyVariable?: string
        allowPrivate?: boolean
        release: string
        predecessor?: string
        snapshot?: string
        configuration: 'bare' | 'safeguarded' | 'product'
        plan?: string
        concurrency: number
        out?: string
      }
      const commitments = await discoverCommitments()
      const verdict = await assessRelease({
        installation,
        commitments,
        terminal,
        signal,
        release: o.release,
        ...(o.predecessor !== undefined && { predecessor: o.predecessor }),
        snapshot: o.snapshot ?? `id:${o.model}`,
        configuration: o.configuration,
        plan: o.plan === undefined ? undefined : resolve(o.plan),
        target: {
          adapter: o.adapter,
          url: o.target,
          model: o.model,
          concurrency: o.concurrency,
          ...(o.keyVariable !== undefined && { keyVariable: o.keyVariable }),
          ...(o.allowPrivate && { allowPrivate: true }),
        },
      })
      printVerdict(terminal, verdict)
      if (o.out !== undefined) {
        const { reportFiles, writeReport } = await import('@avouch/public-reporting/publish')
        const files = await writeReport(
          await reportFiles({ installation, commitments, release: o.release }),
          resolve(o.out),
        )
        terminal.say('')
        for (const file of files) terminal.say(`  wrote ${file}`)
      }
      terminal.result(verdict)
      return 0
    },
  },
} satisfies Verb
