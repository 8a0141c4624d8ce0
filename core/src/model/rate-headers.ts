type Headers = Record<string, string | string[] | undefined>

/** Longest wait a service may ask of us, in milliseconds; more is cut to this. */
const LONGEST = 10 * 60_000

/**
 * How long a service asks to be left alone after 429 or 503, in milliseconds: `retry-after-ms`, or `retry-after` in
 * seconds or as an HTTP date (RFC 9110, 10.2.3). Undefined where it does not say.
 */
export function retryAfter(headers: Headers, now: number = Date.now()): number | undefined {
  const exact = Number(single(headers['retry-after-ms']) ?? Number.NaN)
  if (Number.isFinite(exact) && exact >= 0) return Math.min(exact, LONGEST)
  const text = single(headers['retry-after'])?.trim()
  if (!text) return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, LONGEST)
  // Only the shape of an HTTP date: Date.parse would take almost anything.
  if (!/^[A-Za-z]{3,9}, .*GMT$/.test(text)) return undefined
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), LONGEST)
}

const BUDGETS = [
  ['x-ratelimit-remaining-requests', 'x-ratelimit-reset-requests'],
  ['x-ratelimit-remaining-tokens', 'x-ratelimit-reset-tokens'],
  ['anthropic-ratelimit-requests-remaining', 'anthropic-ratelimit-requests-reset'],
  ['anthropic-ratelimit-tokens-remaining', 'anthropic-ratelimit-tokens-reset'],
  ['x-ratelimit-remaining', 'x-ratelimit-reset'],
] as const

/**
 * Where an answer says that a budget is used up, milliseconds until it is filled again; else undefined. Resets come as
 * durations (`1s`, `6m0s`, `250ms`), seconds from now, seconds since 1970, or RFC 3339 dates, depending on the service.
 */
export function budgetReset(headers: Headers, now: number = Date.now()): number | undefined {
  let longest: number | undefined
  for (const [remaining, reset] of BUDGETS) {
    if (headers[remaining] === undefined || Number(single(headers[remaining])) > 0) continue
    const wait = resetMs(single(headers[reset]) ?? '', now)
    if (wait !== undefined && wait > (longest ?? 0)) longest = wait
  }
  return longest === undefined ? undefined : Math.min(longest, LONGEST)
}

function resetMs(text: string, now: number): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const seconds = Number(text)
    return seconds > 1e9 ? Math.max(0, seconds * 1000 - now) : seconds * 1000
  }
  if (/^\d{4}-\d\d-\d\dT/.test(text)) {
    const date = Date.parse(text)
    return Number.isNaN(date) ? undefined : Math.max(0, date - now)
  }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined
  const unit: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
  return parts.reduce((sum, [, count, name = '']) => sum + Number(count) * (unit[name] ?? 0), 0)
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
