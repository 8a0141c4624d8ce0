import type { Database } from '@avouch/core/db'
import { testDatabase } from '@avouch/core/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { register } from '../migrations/0001-register.ts'
import { sound } from '../migrations/0002-sound.ts'
import { migrations } from '../migrations.ts'
import { lookForPeople } from './privacy.ts'

let db: Database
beforeAll(async () => {
  db = await testDatabase([migrations])
})
afterAll(() => db.close())

/** What a column about a person would be called. */
const PERSON =
  /user|person|people|account|customer|session|prompt|address|\bip\b|email|mail|phone|request|owner|author|name/i

describe('marks and register', () => {
  it('hold nothing about a person, as looked up in the database and in a manifest', async () => {
    const privacy = await lookForPeople(db)
    expect(privacy.unexpected).toEqual([])
    expect(privacy.columns).toHaveLength(34)
    expect(
      privacy.columns.filter((column) => PERSON.test(column) && !column.startsWith('applied_step.')),
    ).toEqual([])
    expect((register + sound).replace(/--.*$/gm, '')).not.toMatch(PERSON)
    expect(Object.keys(privacy.watermarkBits)).toEqual(['service', 'contentId', 'authentication'])
    expect(privacy.manifestMembers.length).toBeGreaterThan(10)
  })

  it('are found out where somebody adds a column', async () => {
    await sql`alter table content_provenance.content add column asked_by text`.execute(db.kysely)
    expect((await lookForPeople(db)).unexpected).toEqual(['content.asked_by'])
  })
})
