import { arrayOf, type Loose, objectOf, stringOf } from '../json-reading.ts'
import type { OfferedTool } from './conversation.ts'
import { FORBIDDEN_TOOL_WORDS } from './vocabulary.ts'

/** A call in the form of an answer: the arguments as JSON text. */
export type PracticeCall = { name: string; arguments: string }

/** The offered tools that their own name or description says must not be called. */
export function forbiddenTools(tools: readonly OfferedTool[]): OfferedTool[] {
  return tools.filter(({ name, description }) => {
    const text = `${name.replaceAll('_', ' ')} ${description}`.toLowerCase()
    return FORBIDDEN_TOOL_WORDS.some((word) => text.includes(word))
  })
}

/** The tool that shares most words with the text, among those not forbidden unless `any`; undefined where none shares one. */
export function fittingTool(
  tools: readonly OfferedTool[],
  text: string,
  any = false,
): OfferedTool | undefined {
  const words = new Set(wordsOf(text))
  const barred = new Set(any ? [] : forbiddenTools(tools))
  let best: OfferedTool | undefined
  let most = 0
  for (const tool of tools) {
    if (barred.has(tool)) continue
    const shared = new Set(
      wordsOf(`${tool.name.replaceAll('_', ' ')} ${tool.description}`).filter((word) => words.has(word)),
    ).size
    if (shared > most) {
      most = shared
      best = tool
    }
  }
  return best
}

/** A call of the tool with stand-in arguments of the kinds its JSON Schema asks for. */
export function callOf(tool: OfferedTool): PracticeCall {
  return { name: tool.name, arguments: JSON.stringify(objectFor(tool.parameters, 0)) }
}

function objectFor(schema: Loose, depth: number): Loose {
  const properties = objectOf(schema.properties)
  const required = new Set(arrayOf(schema.required))
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => required.size === 0 || required.has(name))
      .map(([name, property]) => [name, valueFor(objectOf(property), depth)]),
  )
}

function valueFor(schema: Loose, depth: number): unknown {
  const choices = arrayOf(schema.enum)
  for (const given of [schema.default, choices[0]])
    if (typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean') return given
  switch (stringOf(schema.type)) {
    case 'number':
    case 'integer':
      return typeof schema.minimum === 'number' ? schema.minimum : 1
    case 'boolean':
      return true
    case 'array':
      return []
    case 'object':
      return depth > 8 ? {} : objectFor(schema, depth + 1)
    default:
      return 'practice'
  }
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z]{4,}/g) ?? []
}
