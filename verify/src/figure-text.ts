import { VerifyError } from './errors.ts'
import type { FigureUnit } from './figure.ts'

/**
 * The text of a value as a report shows it. Builder and verifier both call this, so that one value has one text.
 * Rates are percentages with a narrow no-break space; a rate close to 0 or 1 gets the digits that tell it from them. Differences carry
 * their sign. Uses nothing that depends on locale. Throws `figure` on NaN and infinity.
 */
export function formatFigure(value: number, unit: FigureUnit): string {
  if (!Number.isFinite(value)) throw new VerifyError('figure', 'A figure must be a finite number.')
  switch (unit) {
    case 'rate':
      return `${percent(value)}${THIN}%`
    case 'count':
      return signed(grouped(Math.abs(value), Number.isInteger(value) ? 0 : 1), value)
    case 'score':
      return signed(grouped(Math.abs(value), 2), value)
    case 'difference': {
      const text = grouped(Math.abs(value), 3)
      return isZero(text) ? text : `${value > 0 ? '+' : MINUS}${text}`
    }
    case 'seconds':
      return `${signed(grouped(Math.abs(value), Math.abs(value) < 10 ? 2 : 1), value)}${THIN}s`
    case 'usd':
      return signed(`US$${THIN}${grouped(Math.abs(value), 2)}`, value)
  }
}

/** An interval as a report shows it beside its figure: `8.1 % to 12.4 %`. */
export function formatInterval(interval: { low: number; high: number }, unit: FigureUnit): string {
  return `${formatFigure(interval.low, unit)} to ${formatFigure(interval.high, unit)}`
}

/** Narrow no-break space, and the minus sign. */
const THIN = '\u202f'
const MINUS = '\u2212'

function percent(rate: number): string {
  const value = rate * 100
  const size = Math.abs(value)
  if (size === 0 || size === 100) return signed(String(size), value)
  // Close to 0 or 100 one decimal would claim certainty: show two digits of what is left.
  const left = Math.min(size, Math.abs(100 - size))
  let decimals = 1
  while (decimals < 12 && left * 10 ** decimals < 9.5) decimals++
  return signed(grouped(size, Math.max(1, decimals)), value)
}

function grouped(size: number, decimals: number): string {
  if (size >= 1e15) return String(size)
  const [whole = '', part] = size.toFixed(decimals).split('.')
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return part === undefined ? groups : `${groups}.${part}`
}

function signed(text: string, value: number): string {
  return value < 0 && !isZero(text) ? MINUS + text : text
}

function isZero(text: string): boolean {
  return !/[1-9]/.test(text)
}
