import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'
import { OUTCOMES } from './alert.ts'

const count = z.int().nonnegative()
const name = z.string().min(1).max(200)
const moment = z.iso.datetime()
const share = z.number().min(0).max(1)
const outcomes = z.object({
  truePositive: count,
  benign: count,
  duplicate: count,
  exercise: count,
  unclosed: count,
})
/** True positives among these and the benign ones, with Wilson's interval; the people they were about are the clusters. */
const precision = z.object({ value: share, low: share, high: share, level: share, n: count, clusters: count })
const hex = z.string().regex(/^[0-9a-f]{64}$/)

/** A run of the detector over events: what it was given, what it set aside, and how many alerts it raised. */
export const detectorRun = defineEvidence('weight-security/detector-run/v1', {
  title: 'Run of the insider-threat detector',
  schema: z.object({
    run: z.uuid(),
    method: name,
    source: z.enum(['file', 'live']),
    /** SHA-256 of the files of events and of personnel events; null where there was none, and on standard input. */
    eventsDigest: hex.nullable(),
    personnelDigest: hex.nullable(),
    alertsPerDay: z.number().positive(),
    events: z.object({ read: count, judged: count }),
    rejected: z.object({ malformed: count, repeated: count, late: count, future: count }),
    personnelEvents: count,
    people: count,
    models: count,
    /** Moments of the first and last event judged; null where there was none. */
    from: moment.nullable(),
    to: moment.nullable(),
    alerts: count,
    /** Of these, the ones no earlier run had raised. */
    newAlerts: count,
    /** Bait that was in place; touching it raises an alert whatever else is known. */
    bait: count,
    /** What came of all alerts kept before this run. */
    outcomes,
    precision: precision.nullable(),
    /** For each person: true positives, and these with the benign ones; a third number says how many such people. */
    precisionCounts: z.array(z.tuple([count, count, count])).max(10_000),
  }),
  open: [
    ...['run', 'method', 'source', 'alertsPerDay', 'events', 'rejected', 'alerts', 'from', 'to', 'outcomes'],
    ...['precision', 'precisionCounts'],
  ] as const,
})

/** An alert that somebody looked into and closed. Who it was about and what it said stand sealed, and can be erased. */
export const alertClosed = defineEvidence('weight-security/alert/v1', {
  title: 'Alert closed',
  schema: z.object({
    alert: z.uuid(),
    /** Id of the evidence of the run that raised it. */
    run: z.uuid(),
    method: name,
    outcome: z.enum(OUTCOMES),
    score: z.number(),
    groups: z.array(z.string().max(40)).max(40),
    raisedAt: moment,
    acknowledgedAt: moment.nullable(),
    closedAt: moment,
    people: z.array(name).max(100),
    model: name.nullable(),
    reasons: z.array(z.string().max(4000)).max(40),
    /** Why it was closed so. */
    why: z.string().min(1).max(4000),
    /** Who closed it: a person's id, or `command-line`. */
    by: name,
  }),
  open: ['alert', 'run', 'method', 'outcome', 'closedAt'],
})
