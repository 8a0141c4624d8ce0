import { MARKS, type PracticeStrategy } from './strategies.ts'
import {
  HARMLESS,
  INTENTS,
  PRACTICE_DOMAINS,
  PROTECTIVE,
  type PracticeDomain,
  VOCABULARY,
} from './vocabulary.ts'

/** What the practice target makes of a text. */
export type Recognised = {
  /** The domain of a harmful request; undefined for a benign one. */
  domain: PracticeDomain | undefined
  /** The word or phrase that gave it away: the behaviour, as far as this target can tell behaviours apart. */
  behaviour: string
  /** The domain's topic a benign request touches on, if any. */
  topic: string | undefined
}

type Tag = { kind: 'harm' | 'topic'; domain: PracticeDomain } | { kind: 'intent' } | { kind: 'protective' }

/** Looks words and phrases up at the starts of words, by their first three letters. */
class WordIndex<T> {
  readonly #byStart = new Map<number, { phrase: string; tag: T }[]>()

  constructor(entries: Iterable<[string, T]>) {
    for (const [phrase, tag] of entries) {
      const key = startOf(phrase, 0)
      const list = this.#byStart.get(key)
      if (list) list.push({ phrase, tag })
      else this.#byStart.set(key, [{ phrase, tag }])
    }
  }

  /** `text` in lower case. */
  scan(text: string, found: (phrase: string, tag: T) => void): void {
    let inWord = false
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i)
      const isWord = (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127
      // Marks such as "<document>" begin with a sign; signs are looked up wherever they stand.
      const isSign = code === 60 || code === 91
      if (isSign || (isWord && !inWord)) {
        const list = this.#byStart.get(startOf(text, i))
        if (list) for (const { phrase, tag } of list) if (text.startsWith(phrase, i)) found(phrase, tag)
      }
      inWord = isWord
    }
  }
}

function startOf(text: string, at: number): number {
  return (text.charCodeAt(at) * 65_536 + text.charCodeAt(at + 1)) * 65_536 + text.charCodeAt(at + 2)
}

function* wordEntries(): Generator<[string, Tag]> {
  for (const domain of PRACTICE_DOMAINS) {
    for (const phrase of VOCABULARY[domain].harms) yield [phrase, { kind: 'harm', domain }]
    for (const phrase of VOCABULARY[domain].topics) yield [phrase, { kind: 'topic', domain }]
  }
  for (const phrase of INTENTS) yield [phrase, { kind: 'intent' }]
  for (const phrase of [...PROTECTIVE, ...HARMLESS]) yield [phrase, { kind: 'protective' }]
}

function* markEntries(): Generator<[string, PracticeStrategy]> {
  for (const [strategy, marks] of Object.entries(MARKS))
    for (const mark of marks) yield [mark, strategy as PracticeStrategy]
}

const WORDS = new WordIndex(wordEntries())
const STRATEGY_MARKS = new WordIndex(markEntries())

/** Judges one text, in lower case: harmful in which domain, or benign about what. */
export function recognise(text: string): Recognised {
  const harms = new Map<PracticeDomain, { count: number; first: string }>()
  const topics = new Map<PracticeDomain, { count: number; first: string }>()
  let intent = false
  let protective = false
  WORDS.scan(text, (phrase, tag) => {
    if (tag.kind === 'intent') intent = true
    else if (tag.kind === 'protective') protective = true
    else {
      const map = tag.kind === 'harm' ? harms : topics
      const entry = map.get(tag.domain)
      if (entry) entry.count += 1
      else map.set(tag.domain, { count: 1, first: phrase })
    }
  })
  const topic = topics.size === 0 ? undefined : mostOf(topics)[1]
  if (harms.size === 0 && (protective || !intent || topics.size === 0))
    return { domain: undefined, behaviour: '', topic }
  const [domain, behaviour] = mostOf(harms.size > 0 ? harms : topics)
  return { domain, behaviour, topic }
}

/** What the practice target sees in a request in plain words: the domain it is harmful in, and marks of strategies. */
export function recognisePractice(text: string): {
  domain: PracticeDomain | undefined
  strategies: PracticeStrategy[]
} {
  const lower = text.toLowerCase()
  const strategies = new Set<PracticeStrategy>()
  strategiesIn(lower, strategies)
  return { domain: recognise(lower).domain, strategies: [...strategies] }
}

/** The strategies whose marks stand in the text, in lower case. */
export function strategiesIn(text: string, found: Set<PracticeStrategy>): void {
  STRATEGY_MARKS.scan(text, (_, strategy) => {
    found.add(strategy)
  })
}

function mostOf(found: Map<PracticeDomain, { count: number; first: string }>): [PracticeDomain, string] {
  let best: [PracticeDomain, string] | undefined
  let most = 0
  for (const [domain, { count, first }] of found)
    if (count > most) {
      most = count
      best = [domain, first]
    }
  return best!
}
