import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { loadOrCreateSigningKey } from '@avouch/core/crypto'
import { AvouchError } from '@avouch/core/errors'
import {
  addWitness,
  auditLog,
  collectCosignatures,
  findCheckpoint,
  listCheckpoints,
  proofBundle,
  publishCheckpoint,
  readHead,
  witnessFor,
  witnessKey,
} from '@avouch/core/log'
import type { Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { bulkAuditors } from '../bulk-auditors.ts'

export default {
  head: {
    summary: 'The newest signed, witnessed and published checkpoints',
    run: async ({ installation, terminal }) => {
      const head = await readHead(installation.db)
      const [signed, witnessed, published] = await Promise.all(
        (['signed', 'witnessed', 'published'] as const).map((which) =>
          findCheckpoint(installation.db, which),
        ),
      )
      if (head === undefined || signed === undefined)
        throw new AvouchError('not-found', 'this log has no checkpoint yet')
      terminal.say(signed.note)
      terminal.say(`key: ${signed.key}`)
      terminal.say(
        `witnessed: ${witnessed ? `size ${witnessed.size}` : 'never; what no witness saw is not tamper-evident against this company'}`,
      )
      terminal.say(`published: ${published ? `size ${published.size}` : 'never'}`)
      terminal.result({
        origin: head.origin,
        key: signed.key,
        size: signed.size,
        root: signed.root.toString('hex'),
        note: signed.note,
        witnessed: witnessed?.size ?? null,
        published: published?.size ?? null,
      })
      return 0
    },
  },
  prove: {
    summary: 'A proof bundle for one piece of evidence, for `avouch verify`',
    positionals: { ID: 'its id or digest' },
    options: {
      disclose: z
        .array(z.string())
        .optional()
        .describe('JSON pointer of a field to lay open, such as /rates; all of them without it: none'),
      all: z.boolean().optional().describe('lay every field open'),
      out: z.string().optional().describe('write to this file instead of stdout'),
    },
    run: async ({ installation, terminal, args, options }) => {
      const record = await installation.evidence.get(args.ID!)
      if (record === undefined) throw new AvouchError('not-found', `there is no evidence ${args.ID}`)
      const pointers = options.all ? 'all' : ((options.disclose as string[] | undefined) ?? [])
      const bundle = await proofBundle(installation, [{ id: record.id, pointers }])
      const text = JSON.stringify(bundle)
      if (typeof options.out === 'string') {
        await writeFile(options.out, text)
        terminal.say(`wrote ${options.out}`)
        terminal.result({ file: options.out })
      } else if (terminal.json) terminal.result(bundle)
      else terminal.say(text)
      return 0
    },
  },
  audit: {
    summary: 'Derive everything again and find what was altered',
    run: async ({ installation, terminal }) => {
      const result = await auditLog(installation, bulkAuditors(installation), (done, total) =>
        terminal.progress({ task: 'evidence', done, total }),
      )
      const { checked } = result
      terminal.say(
        `${checked.leaves} leaves, ${checked.checkpoints} checkpoints, ${checked.tiles} tiles, ${checked.evidence} pieces of evidence, ${checked.attachments} attachments, ${checked.bulk} sets of bulk records; ${checked.erased} erased, ${checked.waiting} waiting`,
      )
      for (const problem of result.problems.slice(0, 50))
        terminal.say(`  ✗ ${problem.what} ${problem.where}: ${problem.detail}`)
      terminal.say(
        result.ok ? 'Everything derives from what was signed.' : `${result.problemCount} problems.`,
      )
      terminal.result(result)
      return result.ok ? 0 : 1
    },
  },
  witness: {
    summary: 'Have witnesses cosign the newest checkpoint; add a witness, or agree to witness another log',
    options: {
      add: z
        .string()
        .optional()
        .describe("a witness's address, such as https://witness.example/witness (with --key)"),
      key: z.string().optional().describe("that witness's cosignature key"),
      for: z
        .string()
        .optional()
        .describe('the verifier key of a log that this installation agrees to witness'),
    },
    run: async ({ installation, terminal, options }) => {
      const { add, key, for: log } = options as { add?: string; key?: string; for?: string }
      const { vkey } = witnessKey(
        installation.config.origin,
        await loadOrCreateSigningKey(installation.config, 'witness'),
      )
      if ((add === undefined) !== (key === undefined))
        throw new AvouchError('usage', '--add and --key go together')
      if (add !== undefined) await addWitness(installation.db, add, key!)
      if (log !== undefined) {
        const name = await witnessFor(installation.db, log)
        terminal.say(`Heads of ${name} are cosigned from now on. Our witness key: ${vkey}`)
        terminal.result({ witnessing: name, key: vkey })
        return 0
      }
      const { checkpoint, answers } = await collectCosignatures(installation)
      for (const answer of answers) terminal.say(`${answer.ok ? '✓' : '✗'} ${answer.name}: ${answer.detail}`)
      terminal.result({ size: checkpoint.size, answers })
      return answers.some((answer) => answer.ok) ? 0 : 1
    },
  },
  checkpoints: {
    summary: 'The last checkpoints, newest first',
    options: { limit: z.coerce.number().int().min(1).max(10_000).default(20).describe('how many') },
    run: async ({ installation, terminal, options }) => {
      const rows = await listCheckpoints(installation.db, Number(options.limit))
      for (const row of rows)
        terminal.say(
          `${String(row.size).padStart(10)}  ${row.root.toString('hex').slice(0, 16)}…  ${row.signed_at.toISOString()}${row.witnessed_at ? '  witnessed' : ''}${row.published_at ? '  published' : ''}`,
        )
      terminal.result(
        rows.map(({ size, root, signed_at, witnessed_at, published_at }) => ({
          size,
          root: root.toString('hex'),
          signedAt: signed_at,
          witnessedAt: witnessed_at,
          publishedAt: published_at,
        })),
      )
      return 0
    },
  },
  publish: {
    summary: 'Publish the newest signed checkpoint now, instead of at the fixed hour',
    run: async ({ installation, terminal }) => {
      const { size, note } = await publishCheckpoint(installation)
      terminal.say(`Published the checkpoint of size ${size}.`)
      terminal.result({ size, note })
      return 0
    },
  },
  export: {
    summary:
      'Write the published log (checkpoint, tiles, key) into a folder that anyone can verify and serve',
    positionals: { DIR: 'an empty or new folder' },
    run: async ({ installation, terminal, args }) => {
      const dir = resolve(args.DIR!)
      const published = await findCheckpoint(installation.db, 'published')
      if (published === undefined)
        throw new AvouchError('not-found', 'nothing is published yet', {
          fix: 'Run `avouch log publish` first.',
        })
      const { tilesOfLevel, hashesAtLevel, formatTilePath } = await import('@avouch/verify')
      const prefix = `log/${published.epoch}/`
      let files = 0
      const copy = async (path: string): Promise<void> => {
        const bytes = await installation.blobs.get(prefix + path)
        if (bytes === undefined)
          throw new AvouchError('proof', `the tile ${path} is missing`, { fix: 'Run `avouch log audit`.' })
        await mkdir(dirname(join(dir, path)), { recursive: true })
        await writeFile(join(dir, path), bytes)
        files++
      }
      for (const tile of tilesOfLevel('entries', published.size)) await copy(formatTilePath(tile))
      for (let level = 0; hashesAtLevel(level, published.size) > 0; level++)
        for (const tile of tilesOfLevel(level, published.size)) await copy(formatTilePath(tile))
      await mkdir(dir, { recursive: true })
      await writeFile(join(dir, 'checkpoint'), published.note)
      await writeFile(join(dir, 'key'), `${published.key}\n`)
      terminal.say(`Wrote the log of ${published.size} leaves, ${files} tiles, to ${dir}.`)
      terminal.result({ dir, size: published.size, tiles: files })
      return 0
    },
  },
} satisfies Verb
