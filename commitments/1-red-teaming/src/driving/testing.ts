import fc from 'fast-check'
import type { ListedWorld } from '../world/define.ts'

type Schema = {
  type?: string
  enum?: unknown[]
  minimum?: number
  maximum?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
}

/** Values that mostly fit a schema; strings are drawn from what stands in the world, or are odd. */
function valueFor(schema: Schema, pool: string[]): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const odd = fc.constantFrom<unknown>(
    '',
    '__proto__',
    'constructor',
    null,
    -1,
    1e308,
    [],
    {},
    'é'.repeat(5000),
  )
  switch (schema.type) {
    case 'integer':
    case 'number': {
      const low = Math.max(schema.minimum ?? -1000, -100_000)
      const high = Math.max(low, Math.min(schema.maximum ?? 100_000, 100_000))
      return fc.oneof(
        { weight: 20, arbitrary: fc.integer({ min: Math.ceil(low), max: high }) },
        { weight: 1, arbitrary: odd },
      )
    }
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(valueFor(schema.items ?? {}, pool), { maxLength: 3 })
    case 'object':
      return argumentsOf(schema, pool)
    default:
      return fc.oneof(
        { weight: 20, arbitrary: fc.constantFrom(...pool) },
        { weight: 2, arbitrary: fc.constantFrom('Monday', '09:30', 'x@example.com', '*') },
        { weight: 1, arbitrary: odd },
      )
  }
}

function argumentsOf({ properties = {}, required = [] }: Schema, pool: string[]): fc.Arbitrary<object> {
  const members = Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, valueFor(one, pool)]),
  )
  return fc.record(members, { requiredKeys: required as never[] })
}

/** Every short string in a world's state. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length > 0 && value.length < 60 ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

/** Calls of a world's tools, most of them such as its tools take, some broken; for properties. */
export function callsIn(world: ListedWorld): fc.Arbitrary<{ name: string; arguments: string }> {
  const pool = [...new Set(stringsIn(world.make({}, 1).snapshot()))]
  const proper = fc
    .constantFrom(...world.tools)
    .chain(({ name, parameters }) =>
      argumentsOf(parameters as Schema, pool).map((given) => ({ name, arguments: JSON.stringify(given) })),
    )
  const broken = fc.record({
    name: fc.constantFrom(
      ...world.tools.map(({ name }) => name),
      'no_such_tool',
      '__proto__',
      'x'.repeat(5000),
    ),
    arguments: fc.constantFrom(
      '',
      '{',
      '[]',
      'null',
      '"a"',
      '{"a":1}',
      `{"x":"${'y'.repeat(20_000)}"}`,
      '['.repeat(9000),
    ),
  })
  return fc.oneof({ weight: 12, arbitrary: proper }, { weight: 1, arbitrary: broken })
}
