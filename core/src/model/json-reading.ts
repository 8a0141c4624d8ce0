import type { Reading } from './adapter.ts'

/** A JSON object as it came from outside: any member may be absent or of any kind. */
export type Loose = Record<string, unknown>

/** The value as an object, or an empty one where it is none (an array counts as none). */
export function objectOf(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : NOTHING
}

/** The value as an array, or an empty one where it is none. */
export function arrayOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** The value where it is a string. */
export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A count of tokens: a whole number from 0 up, else undefined. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** A reading that failed, with a sentence of why. */
export function unreadable(error: string): Reading {
  return {
    outcome: 'errored',
    text: '',
    toolCalls: [],
    finish: undefined,
    usage: { inputTokens: undefined, outputTokens: undefined },
    servedBy: undefined,
    error,
  }
}

const NOTHING: Loose = Object.freeze({})
