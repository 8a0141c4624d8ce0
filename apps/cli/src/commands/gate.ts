import { discoverCommitments } from '@avouch/core/discover'
import { AvouchError } from '@avouch/core/errors'
import {
  adoptThresholds,
  gate,
  oscalCatalog,
  RELEASE_NAME,
  releaseEvidence,
  requestExemption,
} from '@avouch/core/gate'
import type { Installation } from '@avouch/core/installation'
import type { Verb } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import { printVerdict } from '../print-verdict.ts'

/** Checks the form of a release's name. Throws `usage`. */
export function releaseName(given: string | undefined): string {
  if (given === undefined || !RELEASE_NAME.test(given))
    throw new AvouchError('usage', `"${given ?? ''}" names no release`, {
      fix: 'Write NAME@VERSION, such as example-model@2.0.',
    })
  return given
}

/** Releases that are named at most where one is not known. */
const MAX_NAMED = 10

/** That a release was never registered, with those that were; nothing where it was. */
async function sayIfUnknown({ evidence }: Installation, release: string): Promise<string[]> {
  const registered = await evidence.list({ type: releaseEvidence })
  const names = [...new Set(registered.map(({ about }) => about.release ?? ''))].filter((name) => name !== '')
  if (names.includes(release)) return []
  const known = names.slice(-MAX_NAMED).join(', ') || 'none'
  return [
    `  ${release} is not registered here, so nothing is known of what ships. Registered: ${known}. Register it with: avouch assess`,
  ]
}

export default {
  '': {
    summary: 'The verdict: which obligations are met, by which evidence, what is missing',
    positionals: { 'NAME@VERSION': 'the release' },
    run: async ({ installation, terminal, args }) => {
      const release = releaseName(args['NAME@VERSION'])
      const commitments = await discoverCommitments()
      const verdict = await gate(
        installation,
        release,
        commitments.flatMap((c) => c.obligations),
      )
      printVerdict(terminal, verdict)
      for (const line of await sayIfUnknown(installation, release)) terminal.say(line)
      terminal.result(verdict)
      return verdict.ready ? 0 : 1
    },
  },
  catalogue: {
    summary: 'Every obligation, by commitment; --oscal gives an OSCAL catalog',
    standalone: true,
    options: { oscal: z.boolean().optional().describe('print the catalogue as OSCAL JSON') },
    run: async ({ terminal, options }) => {
      const commitments = await discoverCommitments()
      const catalog = oscalCatalog(commitments, new Date())
      if (options.oscal && !terminal.json)
        for (const line of JSON.stringify(catalog, null, 2).split('\n')) terminal.say(line)
      else
        for (const { number, title, obligations } of commitments) {
          terminal.say(`${number}. ${title}`)
          for (const o of obligations)
            terminal.say(`  ${o.id.padEnd(5)} ${o.title} (${o.binds}, ${o.force}, ${o.due})`)
        }
      terminal.result(catalog)
      return 0
    },
  },
  adopt: {
    summary:
      'Adopt a thresholds file (YAML): which measured rates, with which side of their interval, may ship',
    positionals: { FILE: 'the thresholds file' },
    run: async ({ installation, terminal, args }) => {
      const adopted = await adoptThresholds(installation, args.FILE!)
      terminal.say(
        `Adopted ${counted(adopted.count, 'threshold')} as evidence ${adopted.id}, leaf ${adopted.index}.`,
      )
      terminal.result(adopted)
      return 0
    },
  },
  exempt: {
    summary:
      'Ask that an obligation does not apply to a release; counts once two people have signed the reason',
    positionals: { 'NAME@VERSION': 'the release' },
    options: {
      obligation: z.string().describe('the obligation, such as 5.1'),
      reason: z.string().min(1).describe('why it does not apply, or which law covers it now'),
      superseded: z.boolean().optional().describe('a law now covers it'),
    },
    run: async ({ installation, terminal, args, options }) => {
      const release = releaseName(args['NAME@VERSION'])
      const { obligation, reason, superseded } = options as {
        obligation: string
        reason: string
        superseded?: boolean
      }
      const known = (await discoverCommitments())
        .flatMap((c) => c.obligations)
        .some((o) => o.id === obligation)
      if (!known)
        throw new AvouchError('usage', `there is no obligation ${obligation}`, { where: '--obligation' })
      const kind = superseded ? 'superseded' : 'exempt'
      const asked = await requestExemption(
        installation,
        { kind: 'local' },
        { release, obligation, kind, reason },
      )
      terminal.say(`Approval ${asked.id} waits for two people, in the console; until then nothing is exempt.`)
      terminal.result({ approval: asked.id, evidence: asked.evidence, expiresAt: asked.expiresAt })
      return 0
    },
  },
} satisfies Verb
