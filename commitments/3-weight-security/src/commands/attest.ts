import { createPrivateKey, sign } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { LOCAL } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { StandaloneSubcommand, Subcommand, Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { attest, challenge } from '../attestation/attest.ts'
import { readEnvironmentPolicy } from '../attestation/policy.ts'
import { confirmEnvironmentPolicy, setEnvironmentPolicy } from '../attestation/set-policy.ts'
import { listEnvironments, newestAttestations } from '../attestation/store.ts'
import { MOST_BYTES } from '../attestation/verifier.ts'
import { signedBytes, statementSchema } from '../attestation/verifiers/signed-statement.ts'
import { loadVerifiers } from '../attestation/verifiers.ts'
import { readSmallFile } from './given.ts'
import { releaseSchema } from './release.ts'

const setOptions = { reason: z.string().min(1).max(2000).describe('Why; it stands in the evidence') }

const set: Subcommand = {
  summary:
    'Say what an environment must attest before weights are opened in it; asking less takes two people',
  positionals: {
    name: 'The environment',
    file: 'JSON: {"attestation": {"verifier", "trust", "measurements"}}, or null',
  },
  options: setOptions,
  async run({ installation, terminal, args, options }) {
    const { reason } = z.object(setOptions).parse(options)
    const name = z.string().min(1).max(200).parse(args.name)
    const policy = readEnvironmentPolicy(
      (await readSmallFile(args.file!, 'file')).toString('utf8'),
      args.file!,
    )
    const done = await setEnvironmentPolicy(installation, LOCAL, { name, policy, reason })
    for (const looser of done.looser) terminal.say(`  asks less: ${looser}`)
    terminal.say(
      done.state === 'in-force'
        ? `In force; evidence ${done.evidence}. Attestations of before count no more.`
        : `Not in force yet: approval ${done.approval} waits for two people, in the console.`,
    )
    terminal.result(done)
    return 0
  },
}

const confirm: Subcommand = {
  summary:
    'Ask two people to sign for whom an environment’s attestation trusts, without which 3.4 is not met',
  positionals: { name: 'The environment' },
  options: setOptions,
  async run({ installation, terminal, args, options }) {
    const { reason } = z.object(setOptions).parse(options)
    const asked = await confirmEnvironmentPolicy(installation, LOCAL, { name: args.name!, reason })
    terminal.say(`Approval ${asked.approval} waits for two people, in the console; attest again afterwards.`)
    terminal.result(asked)
    return 0
  },
}

const list: Subcommand = {
  summary: 'List environments, what they must attest and until when they have; and the verifiers there are',
  async run({ installation, terminal }) {
    const [rows, newest] = [
      await listEnvironments(installation.db),
      await newestAttestations(installation.db),
    ]
    const environments = rows.map(({ name, policy, evidence }) => {
      const shown = newest.find((one) => one.environment === name && one.policy === evidence)
      return { name, verifier: policy.attestation?.verifier ?? null, attestedUntil: shown?.endsAt ?? null }
    })
    for (const { name, verifier, attestedUntil } of environments) {
      const until =
        attestedUntil === null ? 'never attested' : `attested until ${attestedUntil.toISOString()}`
      terminal.say(`${name}  ${verifier === null ? 'needs no attestation' : `${verifier}, ${until}`}`)
    }
    if (rows.length === 0) terminal.say('Nothing is asked of any environment.')
    const verifiers = (await loadVerifiers()).map(({ name, title, trust, missing }) => ({
      name,
      title,
      trust,
      missing,
    }))
    for (const { name, title, trust, missing } of verifiers)
      terminal.say(`verifier ${name}: ${title}. Trusts ${trust}. Missing: ${missing.join('; ')}.`)
    terminal.result({ environments, verifiers })
    return 0
  },
}

const ask: Subcommand = {
  summary: 'A nonce for an environment to put into its attestation; it counts once, for five minutes',
  positionals: { name: 'The environment' },
  async run({ installation, terminal, args }) {
    const { id, nonce, endsAt } = await challenge(installation, args.name!)
    terminal.say(`challenge ${id}`)
    terminal.say(`nonce ${nonce.toString('hex')}`)
    terminal.result({ challenge: id, nonce: nonce.toString('hex'), endsAt })
    return 0
  },
}

const submitOptions = {
  tokenOut: z
    .string()
    .min(1)
    .max(4096)
    .describe('The new file for the token that `open --attestation` takes, mode 0600'),
  release: releaseSchema
    .optional()
    .describe('The release it is for, NAME@VERSION, so that the gate counts it there'),
}

const submit: Subcommand = {
  summary: 'Check an attestation that answers a challenge, and record it',
  positionals: { challenge: 'Its id', file: 'The document' },
  options: submitOptions,
  async run({ installation, terminal, args, options }) {
    const { tokenOut, release } = z.object(submitOptions).parse(options)
    const id = z.uuid().safeParse(args.challenge)
    if (!id.success) throw new AvouchError('usage', 'this is no id of a challenge', { where: 'challenge' })
    const document = await readSmallFile(args.file!, 'file', MOST_BYTES)
    const made = await attest(installation, { challenge: id.data, document, ...(release && { release }) })
    await writeFile(tokenOut, made.token, { mode: 0o600, flag: 'wx' }).catch(
      (cause: NodeJS.ErrnoException) => {
        throw new AvouchError('input', `the token cannot be written: ${cause.code}`, {
          where: '--token-out',
          cause,
        })
      },
    )
    terminal.say(`The environment attested until ${made.endsAt.toISOString()}; evidence ${made.evidence}.`)
    const { token: _, ...shown } = made
    terminal.result(shown)
    return 0
  },
}

const signOptions = {
  key: z.string().min(1).max(4096).describe('The environment’s private key (Ed25519) in PEM'),
  environment: z.string().min(1).max(200).describe('Its name'),
  nonce: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('The nonce of the challenge'),
  measure: z
    .array(z.string().regex(/^[a-z0-9-]{1,40}=.{1,200}$/))
    .min(1)
    .max(40)
    .describe('NAME=VALUE; may be repeated'),
  out: z.string().min(1).max(4096).describe('The file to write'),
}

const state: StandaloneSubcommand = {
  standalone: true,
  summary: 'In the environment: sign a software statement of what it measures; needs no installation',
  options: signOptions,
  async run({ terminal, options }) {
    const { key: path, environment, nonce, measure, out } = z.object(signOptions).parse(options)
    const pairs = measure.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)])
    const measurement: unknown = Object.fromEntries(pairs)
    const statement = statementSchema.parse({
      environment,
      measurement,
      nonce,
      time: new Date().toISOString(),
    })
    const key = readKey(await readSmallFile(path, '--key'))
    const document = { statement, signature: sign(null, signedBytes(statement), key).toString('base64') }
    await writeFile(out, JSON.stringify(document), { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
      throw new AvouchError('input', `the statement cannot be written: ${cause.code}`, {
        where: '--out',
        cause,
      })
    })
    terminal.say(`Signed: ${out}`)
    terminal.result({ out, statement })
    return 0
  },
}

function readKey(pem: Buffer) {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // said below; the cause may quote the key
  }
  throw new AvouchError('input', 'this is no private key (Ed25519) in PEM', {
    where: '--key',
    fix: 'Make one with: openssl genpkey -algorithm ed25519',
  })
}

/** `avouch weights environment …` and `avouch weights attest …` */
export const attestCommands = {
  'environment set': set,
  'environment confirm': confirm,
  'environment list': list,
  'attest challenge': ask,
  'attest sign': state,
  'attest submit': submit,
} satisfies Verb
