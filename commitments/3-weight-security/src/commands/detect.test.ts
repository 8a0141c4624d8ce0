import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@avouch/core/config'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { detectCommand } from './detect.ts'

const MIB = 1_048_576
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'avouch-detect-'))
})
afterAll(() => rm(dir, { recursive: true }))

/** One person reads one more segment of a model every day, by CloudTrail. */
const record = (day: number) => ({
  eventVersion: '1.11',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/example-reader' },
  eventTime: `2026-03-${String(day + 1).padStart(2, '0')}T10:00:00Z`,
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  sourceIPAddress: '198.51.100.7',
  requestParameters: {
    ...{ bucketName: 'example-weights', key: 'large.safetensors' },
    range: `bytes=${day * MIB}-${(day + 1) * MIB - 1}`,
  },
  additionalEventData: { bytesTransferredOut: MIB },
  eventID: `00000000-0000-4000-8000-${String(day).padStart(12, '0')}`,
  eventType: 'AwsApiCall',
})

it('tells shares of a model by the size that the mapping of a log gives, not by what was seen of it', async () => {
  const at = { events: join(dir, 'trail.json'), mapping: join(dir, 'mapping.json') }
  await writeFile(at.events, JSON.stringify({ Records: Array.from({ length: 28 }, (_, day) => record(day)) }))
  const objects = [{ at: 's3://example-weights/large.safetensors', bytes: 6000 * MIB }]
  const names = ['arn:aws:iam::111122223333:user/example-reader']
  const models = [{ model: 'example-large@1.0', segmentBytes: MIB, objects }]
  await writeFile(
    at.mapping,
    JSON.stringify({ models, principals: [{ id: 'person-1', role: 'research', names }] }),
  )
  const said: string[] = []
  const terminal = {
    json: false,
    say: (line: string) => said.push(line),
    result: () => {},
    progress: () => {},
  }
  const options = { ...at, source: 'cloudtrail', alertsPerDay: 3, top: 20, followed: false, keep: false }
  const config = loadConfig({ AVOUCH_HOME: join(dir, 'home') })
  const { signal } = new AbortController()
  expect(await detectCommand.run({ terminal, args: {}, options, config, signal })).toBe(0)
  const told = said.join('\n')
  expect(told).toMatch(/gone through 0\.\d+ % of example-large@1\.0/)
  expect(told).not.toMatch(/100 % of/)
})
