import { randomUUID } from 'node:crypto'

/** A UUID version 7 (RFC 9562 section 5.7): ordered by time to the millisecond, 74 random bits. */
export function uuidv7(now: Date): string {
  const time = now.getTime().toString(16).padStart(12, '0')
  // A version 4 UUID has its random bits and the variant where version 7 has them, and Node draws its entropy in bulk.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}
