import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import {
  canonicalJson,
  decodeFrames,
  encodeFrames,
  type Frame,
  seal,
  sha256Hex,
  unseal,
  type WorldState,
} from '@avouch/core/campaign'
import { open as openBox, seal as sealBox } from '@avouch/core/crypto'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { ToolCall } from '@avouch/core/model'
import { z } from 'zod'
import type { Stopped } from '../driving/drive.ts'
import { type Setting, settingSchema } from '../driving/setting.ts'
import { type StepRecord, stepRecordSchema } from '../driving/step.ts'
import type { TurnState } from './session.ts'
import type { StoredStep } from './step-store.ts'
import type { StoredSession } from './store.ts'

/** What the expert said in one turn. */
export type Said = {
  /** Empty where an agent that was stopped is let go on. */
  message: string
  /** The system prompt of the whole conversation, on its first turn. */
  system?: string
  temperature?: number
  /** Steps that an agent may take, where they are fewer than the session allows. */
  steps?: number
}

/** What is committed to for one turn: digests and counts, no words. */
export type TurnRecord = {
  session: string
  turn: number
  parent: number | null
  /** Where it goes on from a step of its parent. */
  fromStep?: number
  status: Exclude<TurnState, 'pending'>
  askedAt: string
  answeredAt: string
  /** SHA-256 (hex) of the canonical JSON of what was said. */
  said: string
  /** `exchangeDigest` of the exact bytes; absent where nothing was sent. */
  exchange?: string
  /** SHA-256 (hex) of the canonical JSON of the answer, `{text, toolCalls}`. */
  answer?: string
  finish?: string
  servedBy?: string
  /** Milliseconds. */
  latency?: number
  tries?: number
  inputTokens?: number
  outputTokens?: number
  /** A sentence for the company; it may name the address. */
  error?: string
  /** In a world: SHA-256 (hex) of the canonical JSON of each step's record. */
  steps?: string[]
  /** Why the agent was stopped before it answered in words. */
  stopped?: Stopped
  /** How far its branch has come, and how far it comes when the agent does nothing more; left out where its code is gone. */
  world?: { state: WorldState; left?: WorldState }
}

export type TurnAnswer = { text: string; toolCalls: ToolCall[] }

/** What a leaf of a session's tree stands for. */
export type LeafKind = 'turn' | 'finding' | 'attachment'

const saidSchema = z.object({
  message: z.string(),
  system: z.string().optional(),
  temperature: z.number().optional(),
  steps: z.number().optional(),
})

/** Makes the data key of a new session. */
export async function newSessionKey(installation: Pick<Installation, 'dataKeys'>, id: string) {
  const { plain, wrapped } = await installation.dataKeys.create(contextOf(id))
  return { box: new SessionBox(id, plain), wrapped: Buffer.from(wrapped) }
}

/** Opens a session's data key. Throws `proof` where it is not this installation's. */
export async function openBoxOf(
  { dataKeys }: Pick<Installation, 'dataKeys'>,
  session: Pick<StoredSession, 'id' | 'wrappedKey'>,
): Promise<SessionBox> {
  return new SessionBox(session.id, await dataKeys.unwrap(session.wrappedKey, contextOf(session.id)))
}

/**
 * Seals and opens what a session holds (zstd, AES-256-GCM, each under a context of its own), and makes the leaves of
 * its tree: SHA-256(salt ‖ canonical JSON), the salt HMAC-SHA256 under a key that is derived from the data key.
 */
export class SessionBox {
  readonly #id: string
  readonly #key: Uint8Array
  readonly #saltKey: KeyObject

  constructor(id: string, key: Uint8Array) {
    this.#id = id
    this.#key = key
    this.#saltKey = createSecretKey(
      new Uint8Array(hkdfSync('sha256', key, '', `avouch/session/salt/${id}`, 32)),
    )
  }

  sealSaid(turn: number, said: Said): Buffer {
    return this.#sealJson(`turn/${turn}/said`, said)
  }

  openSaid(turn: number, sealed: Uint8Array): Said {
    return saidSchema.parse(this.#openJson(`turn/${turn}/said`, sealed))
  }

  sealAnswer(
    record: TurnRecord,
    answer: TurnAnswer | undefined,
    exchanges: Frame['exchanges'],
  ): { answered: Buffer; leaf: Buffer } {
    const text = canonicalJson(record)
    const frame = { record: text, answer: answer ? canonicalJson(answer) : '', exchanges }
    return {
      answered: seal(this.#key, this.#context(`turn/${record.turn}/answer`), encodeFrames([frame])),
      leaf: this.leaf('turn', record.turn, text),
    }
  }

  /** Throws `proof` where a byte was changed. */
  openAnswer(turn: number, sealed: Uint8Array): Frame {
    const [frame] = decodeFrames(unseal(this.#key, this.#context(`turn/${turn}/answer`), sealed))
    if (!frame) throw new AvouchError('proof', `Turn ${turn} of session ${this.#id} is empty`)
    return frame
  }

  sealStep(record: StepRecord, raw: Frame['exchanges'][number]): Buffer {
    const frame = { record: canonicalJson(record), answer: '', exchanges: [raw] }
    return seal(this.#key, this.#context(`turn/${record.turn}/step/${record.step}`), encodeFrames([frame]))
  }

  /** Throws `proof` where a byte was changed. */
  openStep({ turn, step, sealed }: StoredStep): { record: StepRecord; exchange: Frame['exchanges'][number] } {
    const [frame] = decodeFrames(unseal(this.#key, this.#context(`turn/${turn}/step/${step}`), sealed))
    const exchange = frame?.exchanges[0]
    if (!frame || !exchange)
      throw new AvouchError('proof', `Step ${step} of turn ${turn} of session ${this.#id} is empty`)
    return { record: stepRecordSchema.parse(JSON.parse(frame.record)), exchange }
  }

  sealSetting(setting: Setting): Buffer {
    return this.#sealJson('setting', setting)
  }

  openSetting(sealed: Uint8Array): Setting {
    return settingSchema.parse(this.#openJson('setting', sealed))
  }

  sealWords(kind: 'finding' | 'attachment', number: number, words: object): Buffer {
    return this.#sealJson(`${kind}/${number}`, words)
  }

  openWords(kind: 'finding' | 'attachment', number: number, sealed: Uint8Array): unknown {
    return this.#openJson(`${kind}/${number}`, sealed)
  }

  /** A file is sealed as it is: most are compressed already. */
  sealFile(blob: string, bytes: Uint8Array): Buffer {
    return sealBox(this.#key, bytes, this.#context(`file/${blob}`))
  }

  openFile(blob: string, sealed: Uint8Array): Buffer {
    return openBox(this.#key, sealed, this.#context(`file/${blob}`))
  }

  leaf(kind: LeafKind, number: number, canonical: string): Buffer {
    const salt = createHmac('sha256', this.#saltKey).update(`${kind}/${number}`).digest()
    return Buffer.from(sha256Hex(Buffer.concat([salt, Buffer.from(canonical)])), 'hex')
  }

  #sealJson(what: string, value: object): Buffer {
    return seal(this.#key, this.#context(what), Buffer.from(canonicalJson(value)))
  }

  #openJson(what: string, sealed: Uint8Array): unknown {
    return JSON.parse(unseal(this.#key, this.#context(what), sealed).toString('utf8'))
  }

  #context(what: string): string {
    return `${contextOf(this.#id)}/${what}`
  }
}

function contextOf(id: string): string {
  return `session/${id}`
}
