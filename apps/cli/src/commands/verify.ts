import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { styleText } from 'node:util'
import type { Config } from '@avouch/core/config'
import { AvouchError } from '@avouch/core/errors'
import { trustedKeys } from '@avouch/core/trust'
import type { Terminal, Verb } from '@avouch/core/verb'
import { parseVerifierKey, type Verdict, verifyFile } from '@avouch/verify'
import { z } from 'zod'
import { fetchBounded } from '../fetch-bounded.ts'
import { folderReader, urlReader, verifyLog } from '../verify-log.ts'

type Trust = { trustedKey: string } | { trustedKeys: string[] }

/** Files of a folder that can be checked; the rest of a report's folder is for reading. */
const CHECKABLE = /(?:\.html|\.json|\.proof|(?:^|\/)checkpoint)$/

const WORDS = {
  verified: ['green', 'verified'],
  consistent: ['yellow', 'consistent'],
  'signer-unknown': ['yellow', 'signer unknown'],
  failed: ['red', 'failed'],
} as const

export default {
  '': {
    summary: 'Check a report, proof, evidence file, checkpoint or log; needs no server and trusts none',
    positionals: { 'FILE|DIR|URL': 'what to check' },
    options: {
      key: z
        .string()
        .optional()
        .describe("the log's verifier key, or a file that holds it, got from elsewhere"),
    },
    standalone: true,
    run: async ({ config, terminal, args, options }) => {
      const what = args['FILE|DIR|URL']!
      const key = options.key as string | undefined
      const trust: Trust =
        key === undefined ? { trustedKeys: await ownTrust(config) } : { trustedKey: await readKey(key) }
      const results = await verifyAny(what, trust)
      for (const { name, verdict } of results) print(terminal, name, verdict)
      terminal.result(results.length === 1 ? results[0]!.verdict : results)
      return results.every(({ verdict }) => verdict.status === 'verified') ? 0 : 1
    },
  },
} satisfies Verb

async function verifyAny(what: string, trust: Trust): Promise<{ name: string; verdict: Verdict }[]> {
  if (/^https?:\/\//.test(what)) {
    if (/\/log\/?$/.test(new URL(what).pathname))
      return [{ name: what, verdict: await verifyLog(urlReader(what), trust) }]
    return [{ name: what, verdict: await verifyFile(await fetchBounded(what), trust) }]
  }
  const path = resolve(what)
  const found = await stat(path).catch((error: Error) => {
    throw new AvouchError('input', `there is nothing to check at ${what}`, { where: path, cause: error })
  })
  if (!found.isDirectory()) return [{ name: what, verdict: await verifyFile(await readFile(path), trust) }]
  const names = await readdir(path)
  const isLog = names.includes('tile') && names.includes('checkpoint')
  const log = isLog ? [{ name: what, verdict: await verifyLog(folderReader(path), trust) }] : []
  const files = names.filter((name) => CHECKABLE.test(name) && !(isLog && name === 'checkpoint')).sort()
  if (files.length + log.length === 0)
    throw new AvouchError('input', `no report, proof or checkpoint in ${what}`, { where: path })
  const checked = await Promise.all(
    files.map(async (name) => ({
      name: join(what, name),
      verdict: await verifyFile(await readFile(join(path, name)), trust),
    })),
  )
  return [...log, ...checked]
}

/**
 * The keys that the reader's own installation trusts, where they named it. The default home lies in the folder they
 * stand in, which may be the very folder that somebody sent them.
 */
async function ownTrust(config: Config): Promise<string[]> {
  return config.homeGiven ? trustedKeys(config) : []
}

/**
 * The reader's key: itself, or in a file. What reads as a key is one, whatever lies in the folder under that name.
 */
async function readKey(given: string): Promise<string> {
  const itself = await isKey(given.trim())
  const text = itself ? given.trim() : (await readFile(given, 'utf8').catch(() => '')).trim()
  if (itself || (await isKey(text))) return text
  throw new AvouchError(
    'usage',
    `--key is neither a verifier key nor a file that holds one: ${printable(given)}`,
    {
      where: '--key',
      fix: 'A verifier key reads NAME+HEX+BASE64; the log serves its own at /log/key, but take it from elsewhere.',
    },
  )
}

async function isKey(text: string): Promise<boolean> {
  return parseVerifierKey(text).then(
    () => true,
    () => false,
  )
}

/** Names come from outside: what would move the cursor or colour the screen is shown as a question mark. */
const printable = (text: string): string => text.replaceAll(/\p{C}/gu, '?')

function print(terminal: Terminal, name: string, verdict: Verdict): void {
  const [colour, word] = WORDS[verdict.status]
  terminal.say(`${styleText(['bold', colour], word)}  ${printable(name)}`)
  const failed = verdict.checks.filter((check) => !check.ok)
  for (const check of failed.slice(0, 20))
    terminal.say(`  ${styleText('red', '✗')} ${printable(check.name)}: ${printable(check.detail)}`)
  if (failed.length > 20) terminal.say(`  and ${failed.length - 20} more`)
  if (verdict.status === 'failed') return
  if (verdict.status === 'verified')
    terminal.say(`  signed by the log whose key you trust: ${printable(verdict.signer)}`)
  terminal.say(
    `  ${verdict.checks.length} checks held, ${verdict.figures.length} figures, log ${verdict.origin ?? 'unknown'} of ${verdict.treeSize} leaves: ${verdict.opened} opened here, ${verdict.unopened} not.`,
  )
  terminal.say(
    `  witnesses: ${verdict.cosignatures.length === 0 ? 'none that you named' : verdict.cosignatures.map((c) => c.witness.name).join(', ')}`,
  )
  if (verdict.status === 'signer-unknown') {
    terminal.say(`  Nothing says whose key this is: ${verdict.signer || 'none named'}`)
    terminal.say('  Get the key from a source other than this file and give it with --key.')
  }
}
