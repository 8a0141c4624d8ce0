import { randomInt } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import type { Logged } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { z } from 'zod'
import { algorithmsOf, type Maker } from '../content.ts'
import { type Resolution, resolutionEvidence } from '../evidence.ts'
import { manifestsIn } from '../manifest/store.ts'
import { markContent } from '../mark/mark.ts'
import { pictureOf } from '../media/sample.ts'
import { findContent, removeContent } from '../register/register.ts'

/** What the addresses are held to (C2PA specification, "Soft Binding Resolution API", its OpenAPI document). */
export const RESOLUTION_STANDARD = 'C2PA Soft Binding Resolution API 1.0'

const WITHIN = 60_000
const MOST = 16 * 2 ** 20
const listed = z.array(z.looseObject({ alg: z.string() })).optional()
const algorithms = z.looseObject({ watermarks: listed, fingerprints: listed })
const matches = z.looseObject({
  matches: z.array(
    z.looseObject({
      manifestId: z.string(),
      endpoint: z.string().optional(),
      similarityScore: z.int().min(0).max(100).optional(),
    }),
  ),
})

type Answer = { status: number; type: string; bytes: Uint8Array }
/** Whether an answer is as the standard has it. What throws in it does not hold. */
type Test = (answer: Answer) => boolean

/**
 * Asks the resolution API from outside, over HTTP, as another's validator would whose picture lost its manifest: one is made
 * up and marked, every address is asked for it, rightly and wrongly, and each answer is held to the standard. The picture is
 * taken out of the register again. Throws `config` where nothing signs manifests.
 */
export async function tryResolution(
  installation: Installation,
  maker: Maker,
  { url }: { url: string },
): Promise<Resolution> {
  const { default: sharp } = await import('sharp')
  const seed = randomInt(2 ** 31)
  const picture = new Uint8Array(await pictureOf(seed, 640, 480).jpeg({ quality: 92 }).toBuffer())
  const { bytes, contentId, layers } = await markContent(installation, picture, maker)
  try {
    if (layers.manifest.state !== 'signed' || layers.watermark.state !== 'embedded')
      throw new AvouchError('config', 'there is no manifest to be found again: nothing signs them here', {
        fix: 'Install a certificate; `avouch content ca` makes one for trying out.',
      })
    const { label } = layers.manifest
    const { watermark, fingerprint } = algorithmsOf('picture')
    const looks = Buffer.from((await findContent(installation.db, contentId))!.hash).toString('hex')
    const stripped = await sharp(bytes).jpeg({ quality: 75 }).toBuffer()
    const known = finds(label)
    const asked: [name: string, path: string, test: Test, init?: RequestInit][] = [
      ['lists its algorithms', 'services/supportedAlgorithms', lists([watermark], [fingerprint])],
      ['finds by watermark', binding(watermark, contentId), known],
      ['finds by watermark, posted', 'matches/byBinding', known, posted(watermark, contentId)],
      ['finds by fingerprint', binding(fingerprint, looks), known],
      ['finds by fingerprint, posted', 'matches/byBinding', known, posted(fingerprint, looks)],
      ['finds by content', 'matches/byContent', known, body('image/jpeg', stripped)],
      ['finds by content and hint', hinted(watermark, contentId), known, body('image/jpeg', picture)],
      ['keeps to the most that is asked', `${binding(watermark, contentId)}&maxResults=1`, atMost(1)],
      ['refuses an unknown algorithm', binding('org.example.unknown.1', contentId), refuses(400)],
      ['refuses a value that is none', binding(watermark, '?'), refuses(400)],
      ['refuses what is no media', 'matches/byContent', refuses(415), body('image/jpeg', Buffer.from('no'))],
      ['gives out a whole store', `manifests/${encodeURIComponent(label)}`, holds(label, false)],
      ['gives out the active manifest', active(label), holds(label, true)],
      ['has no manifest of another', 'manifests/urn%3Ac2pa%3Anone', refuses(404)],
    ]
    const checks: Resolution['checks'] = []
    for (const [name, path, test, init] of asked)
      checks.push({ name, ...(await tried(url, path, test, init)) })
    return {
      standard: RESOLUTION_STANDARD,
      url: new URL(url).origin,
      checks,
      agreed: checks.filter(({ holds }) => holds).length,
    }
  } finally {
    // it was nobody's content, and is not to be counted as such
    await removeContent(installation.db, contentId)
  }
}

/** The same, recorded. It is about the company's service, whichever release fills it. */
export async function recordResolution({ evidence }: Installation, tried: Resolution): Promise<Logged> {
  return evidence.append({ type: resolutionEvidence, fields: tried, about: {} })
}

async function tried(
  url: string,
  path: string,
  test: Test,
  init: RequestInit = {},
): Promise<{ holds: boolean; answered: string }> {
  let answer: Answer
  try {
    const signal = AbortSignal.timeout(WITHIN)
    const response = await fetch(new URL(`/v1/content/${path}`, url), { ...init, signal, redirect: 'error' })
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (bytes.length > MOST) return { holds: false, answered: 'far too much' }
    const type = (response.headers.get('content-type') ?? '').split(';')[0]!.trim()
    answer = { status: response.status, type, bytes }
  } catch {
    return { holds: false, answered: 'nothing' }
  }
  const answered = `${answer.status} ${answer.type}`.slice(0, 100)
  try {
    return { holds: test(answer), answered }
  } catch {
    return { holds: false, answered }
  }
}

function json({ bytes }: Answer): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'))
}

const isJson = ({ status, type }: Answer): boolean => status === 200 && type === 'application/json'

function lists(watermarks: string[], fingerprints: string[]): Test {
  return (answer) => {
    const read = algorithms.parse(json(answer))
    const has = (all: z.infer<typeof listed>, some: string[]): boolean =>
      some.every((alg) => all?.some((one) => one.alg === alg))
    return isJson(answer) && has(read.watermarks, watermarks) && has(read.fingerprints, fingerprints)
  }
}

function finds(label: string): Test {
  return (answer) =>
    isJson(answer) && matches.parse(json(answer)).matches.some(({ manifestId }) => manifestId === label)
}

function atMost(most: number): Test {
  return (answer) => isJson(answer) && matches.parse(json(answer)).matches.length <= most
}

function refuses(status: number): Test {
  return (answer) => answer.status === status
}

function holds(label: string, alone: boolean): Test {
  return ({ status, type, bytes }) => {
    const manifests = manifestsIn(bytes)
    return (
      status === 200 &&
      type === 'application/c2pa' &&
      manifests.at(-1)?.label === label &&
      (!alone || manifests.length === 1)
    )
  }
}

/** Values travel as base64 over what the manifest holds. */
const inBase64 = (text: string): string => Buffer.from(text).toString('base64')
const active = (label: string): string => `manifests/${encodeURIComponent(label)}?returnActiveManifest=true`

function binding(alg: string, value: string): string {
  return `matches/byBinding?${new URLSearchParams({ alg, value: inBase64(value) })}`
}

function hinted(hintAlg: string, value: string): string {
  return `matches/byContent?${new URLSearchParams({ hintAlg, hintValue: inBase64(value) })}`
}

function body(type: string, bytes: Uint8Array): RequestInit {
  return { method: 'POST', headers: { 'content-type': type }, body: Uint8Array.from(bytes) }
}

function posted(alg: string, value: string): RequestInit {
  return body('application/json', Buffer.from(JSON.stringify({ alg, value: inBase64(value) })))
}
