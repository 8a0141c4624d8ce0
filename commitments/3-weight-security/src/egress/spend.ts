import type { Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import { counted } from '@avouch/core/words'
import {
  appliesTo,
  type Budget,
  type Cap,
  capsOf,
  DAY,
  HOUR,
  LONGEST_DAYS,
  PER,
  type Reader,
} from './limits.ts'
import { addUsed, limitsInForce, modelBytes, usedSince } from './store.ts'

/** Reads are counted in slots of so many seconds; a window holds every slot it touches. */
const SLOT = 300

export const slotOf = (at: Date): number => Math.floor(at.getTime() / 1000 / SLOT)

export const momentOfSlot = (slot: number): Date => new Date(slot * SLOT * 1000)

/** The first slot that any budget may still look back to. */
export function firstKept(at: Date): number {
  return windowStart(at, (LONGEST_DAYS + 1) * DAY)
}

/** The first slot of a window that ends now. */
export function windowStart(at: Date, seconds: number): number {
  return Math.floor((at.getTime() / 1000 - seconds) / SLOT)
}

/**
 * Takes the bytes of a read from every budget that counts it, within the transaction that records the read; reads are
 * to be recorded one at a time. Throws `limit` where one has too little left, and then nothing is taken.
 */
export async function spend(tx: Tx, reader: Reader, bytes: number, at: Date): Promise<void> {
  const inForce = await limitsInForce(tx)
  const applying = (inForce?.limits.budgets ?? []).filter((budget) => appliesTo(budget, reader))
  if (applying.length > 0) {
    const size = await modelBytes(tx, reader.model)
    for (const budget of applying)
      for (const cap of capsOf(budget, size)) {
        const used = await usedOf(tx, budget, cap, reader, at)
        if (used + bytes > cap.bytes) throw spent(budget, cap, used, bytes)
      }
  }
  await addUsed(tx, reader, slotOf(at), bytes)
}

/** A budget limited to some environments or models counts what was read in and of those, though kept for no single one. */
async function usedOf(tx: Tx, budget: Budget, cap: Cap, reader: Reader, at: Date): Promise<number> {
  const key = Object.fromEntries(
    PER.filter((one) => budget.per.includes(one)).map((one) => [one, reader[one]]),
  )
  const only = {
    ...(!budget.per.includes('environment') && { environments: budget.only.environments }),
    ...(!budget.per.includes('model') && { models: budget.only.models }),
  }
  return usedSince(tx, windowStart(at, cap.seconds), key, only)
}

function spent({ id, per }: Budget, cap: Cap, used: number, bytes: number): AvouchError {
  const span = cap.seconds === HOUR ? 'an hour' : counted(cap.seconds / 86_400, 'day')
  return new AvouchError(
    'limit',
    `the egress budget ${id} has ${Math.max(0, cap.bytes - used)} of ${cap.bytes} bytes in ${span} left, and ${bytes} are wanted`,
    {
      where: `per ${per.join(', ')}`,
      fix: 'Read less, or later; `avouch weights egress` shows the budgets, and two people can widen one.',
    },
  )
}
