import { resolve } from 'node:path'
import type { Subcommand } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import { openKek } from '../kek/open.ts'
import { sealWeights } from '../object/seal-weights.ts'
import { progressBytes } from './given.ts'
import { releaseSchema } from './release.ts'
import { bytesInWords, formatInWords } from './wording.ts'

const sealOptions = {
  model: releaseSchema.describe('The release whose weights these are, NAME@VERSION'),
  snapshot: z
    .string()
    .max(300)
    .regex(/^(?:sha256:[0-9a-f]{64}|id:\S+)$/, 'a snapshot is sha256:… or id:…')
    .optional()
    .describe('The snapshot that campaigns name, sha256:… or id:…, for the evidence to name it too'),
  workers: z.coerce.number().int().min(1).max(64).default(2).describe('Threads that read, encrypt and write'),
  unchecked: z
    .boolean()
    .default(false)
    .describe('Seal a file as bytes even where its header as safetensors, GGUF or PyTorch does not hold'),
}

/** `avouch weights seal`: files of weights, encrypted into the blob store and recorded. */
export const sealCommand: Subcommand = {
  summary: 'Encrypt a file or folder of weights into the blob store; the same again goes on where it stopped',
  positionals: { path: 'A file, or a folder of which every file is sealed' },
  options: sealOptions,
  async run({ installation, terminal, args, options, signal }) {
    const { model, ...given } = z.object(sealOptions).parse(options)
    const kek = await openKek(installation.config)
    try {
      const sealed = await sealWeights(installation, kek, resolve(args.path!), {
        model,
        ...given,
        signal,
        onProgress: progressBytes(terminal, 'Sealing'),
      })
      for (const { object, sealed: isNew, keptSegments } of sealed) {
        const kept =
          keptSegments > 0
            ? `; ${counted(keptSegments, 'segment was', 'segments were')} there from an earlier attempt`
            : ''
        terminal.say(`${object.name}: ${isNew ? `sealed${kept}` : 'stands sealed already, the same bytes'}`)
        terminal.say(
          `  object ${object.id}, ${bytesInWords(object.bytes)}, ${object.segments} segment${object.segments === 1 ? '' : 's'}`,
        )
        terminal.say(`  sha256 ${object.digest}`)
        terminal.say(`  ${formatInWords(object.format)}; key ${object.kek}; evidence ${object.evidence}`)
      }
      const made = sealed.filter((one) => one.sealed).length
      terminal.say(
        `${made} of ${counted(sealed.length, 'file')} sealed for ${model}. The plaintext stays where it was.`,
      )
      terminal.result({
        model,
        objects: sealed.map(({ object, ...rest }) => ({
          id: object.id,
          name: object.name,
          digest: object.digest,
          bytes: object.bytes,
          segments: object.segments,
          format: object.format ?? null,
          kek: object.kek,
          evidence: object.evidence,
          ...rest,
        })),
      })
      return 0
    } finally {
      await kek.close()
    }
  },
}
