import type { Mapping } from './mapping.ts'
import { Pattern } from './pattern.ts'
import { Remembered } from './remembered.ts'

/** An object of a model: its size where it is told, and the model's segments that it is. */
export type Place = {
  model: string
  bytes: number | undefined
  segmentBytes: number
  /** Its segments of the model, closed; undefined where its size is not told. */
  segments: [number, number] | undefined
}

/** `elsewhere` is a bucket or key that holds nothing mapped; `unmapped` is an object beside mapped ones. */
export type Found = Place | 'elsewhere' | 'unmapped'

/** How many segments the objects of known size have, for each model; undefined where there is none. */
export function segmentsOf({ objects, segmentBytes }: Mapping['models'][number]): number | undefined {
  const sum = objects.reduce((total, { bytes = 0 }) => total + Math.ceil(bytes / segmentBytes), 0)
  return sum > 0 ? sum : undefined
}

/** How many segments each model has, by the sizes of its objects; of models without, nobody knows. */
export function sizesOf(models: Mapping['models']): Map<string, { segments: number }> {
  return new Map(
    models.flatMap((given) => {
      const segments = segmentsOf(given)
      return segments === undefined ? [] : [[given.model, { segments }] as const]
    }),
  )
}

/** Which models the objects and keys of a log belong to. */
export class Places {
  readonly #exact = new Map<string, Place>()
  readonly #patterns: { pattern: Pattern; place: Place }[] = []
  readonly #buckets = new Set<string>()
  readonly #keys: { pattern: Pattern; model: string }[] = []
  readonly #exactKeys = new Map<string, string>()
  readonly #listed = new Remembered<{ model: string | undefined } | 'elsewhere'>(2000)

  constructor(models: Mapping['models']) {
    for (const given of models) {
      const { model, objects, segmentBytes, keys } = given
      let next = 0
      for (const { at, bytes } of objects) {
        const count = bytes === undefined ? 0 : Math.ceil(bytes / segmentBytes)
        const segments: Place['segments'] = count === 0 ? undefined : [next, next + count - 1]
        next += count
        const place = { model, bytes, segmentBytes, segments }
        const pattern = new Pattern(at)
        if (pattern.isExact) this.#exact.set(at, place)
        else this.#patterns.push({ pattern, place })
        this.#buckets.add(bucketOf(at))
      }
      for (const key of keys) {
        const pattern = new Pattern(key)
        if (pattern.isExact) this.#exactKeys.set(key, model)
        else this.#keys.push({ pattern, model })
      }
    }
  }

  object(names: readonly string[]): Found {
    for (const name of names) {
      const exact = this.#exact.get(name)
      if (exact) return exact
    }
    for (const name of names)
      for (const { pattern, place } of this.#patterns) if (pattern.match(name)) return place
    return names.some((name) => this.#buckets.has(bucketOf(name))) ? 'unmapped' : 'elsewhere'
  }

  /** The model that a key opens. */
  key(names: readonly string[]): string | undefined {
    for (const name of names) {
      const exact = this.#exactKeys.get(name)
      if (exact !== undefined) return exact
      for (const { pattern, model } of this.#keys) if (pattern.match(name)) return model
    }
    return undefined
  }

  /** What a list under a prefix shows: the one model there, or several (`model` undefined), or nothing mapped. */
  listed(prefix: string): { model: string | undefined } | 'elsewhere' {
    if (!this.#buckets.has(bucketOf(prefix))) return 'elsewhere'
    const before = this.#listed.get(prefix)
    if (before) return before
    const models = new Set<string>()
    for (const [at, { model }] of this.#exact) if (at.startsWith(prefix)) models.add(model)
    for (const { pattern, place } of this.#patterns)
      if (pattern.literal.startsWith(prefix)) models.add(place.model)
    // a prefix that lies within a pattern, where nothing is named that begins with it
    if (models.size === 0)
      for (const { pattern, place } of this.#patterns)
        if (prefix.startsWith(pattern.literal)) models.add(place.model)
    const found = models.size === 0 ? 'elsewhere' : { model: models.size === 1 ? [...models][0] : undefined }
    this.#listed.set(prefix, found)
    return found
  }

  /** Whether a place is one of the mapped buckets: a copy into it has not left. */
  isInside(at: string): boolean {
    return this.#buckets.has(bucketOf(at))
  }
}

/** `s3://BUCKET` of `s3://BUCKET/KEY`. */
export function bucketOf(at: string): string {
  const begin = at.indexOf('://')
  const end = at.indexOf('/', begin < 0 ? 0 : begin + 3)
  return end < 0 ? at : at.slice(0, end)
}
