import { readFileSync } from 'node:fs'
import { AvouchError } from '@avouch/core/errors'
import {
  type ActionConstraint,
  type CedarValueJson,
  checkParsePolicySet,
  type EntityJson,
  policySetTextToParts,
  policyToJson,
  preparsePolicySet,
  statefulIsAuthorized,
  type TypeAndId,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs'
import { digestOf, type PolicyFiles, SCHEMA_FILE } from './files.ts'
import { projectsOf, readSettings, type Settings } from './settings.ts'

export const ACCESS_ACTIONS = ['request', 'read', 'approve', 'break-glass'] as const
export type AccessAction = (typeof ACCESS_ACTIONS)[number]

/** A person as policies see them. */
export type Subject = {
  id: string
  team: string
  functions: readonly string[]
  projects: readonly string[]
  environments: readonly string[]
  roles: readonly string[]
}

/** What is asked of the policies. `seconds` is how long it is for in all. */
export type Question = {
  subject: Subject
  action: AccessAction
  model: string
  environment: string
  purpose: string
  seconds: number
  /** Instead of what `access.yaml` says of the model. */
  projects?: readonly string[]
}

/** `because`: what the deciding policies say of themselves, or that none permits it. */
export type Decided = { allowed: boolean; policies: string[]; because: string }

/** A set of policies that is read, valid and ready. */
export type Policies = {
  digest: string
  settings: Settings
  /** By id, in order: what each says of itself. */
  policies: ReadonlyMap<string, string>
  /** Every word that the policies hold something against: among them are the purposes they know. */
  words: readonly string[]
  decide(question: Question): Decided
}

/**
 * Reads a set of policies and checks it against the schema. Throws `input` with file and place where one cannot be read,
 * speaks of what is not there, has a template or no `@id` of its own.
 */
export function readPolicies(files: PolicyFiles): Policies {
  const settings = readSettings(files)
  const parts = new Map<string, Part>()
  for (const name of Object.keys(files).filter((one) => one.endsWith('.cedar')))
    for (const part of partsOf(name, files[name]!)) {
      if (parts.has(part.id))
        throw new AvouchError('input', `two policies are called ${part.id}`, {
          where: name,
          fix: 'Rename one.',
        })
      parts.set(part.id, part)
    }
  checkAgainstSchema(textsOf([...parts.values()]))
  const digest = digestOf(files)
  const policies = new Map([...parts].map(([id, { reason }]) => [id, reason]))
  const prepared = new Map(
    ACCESS_ACTIONS.map((action) => [action, prepare(digest, action, [...parts.values()])]),
  )
  return {
    digest,
    settings,
    policies,
    words: [...new Set([...parts.values()].flatMap(({ json }) => wordsIn(json)))],
    decide: (question) => decide(prepared.get(question.action)!, settings, policies, question),
  }
}

/** The policies that can speak of one action, parsed once, and the names of attributes that occur in them. */
type PreparedSet = { id: string; mentions(attribute: string): boolean }

/**
 * A decision costs what is evaluated and handed over: policies about other actions are left out, and so are attributes
 * that no policy mentions.
 */
function prepare(digest: string, action: AccessAction, parts: readonly Part[]): PreparedSet {
  const speaking = parts.filter(({ actions }) => actions === undefined || actions.includes(action))
  const id = `${digest}/${action}`
  const parsed = preparsePolicySet(id, { staticPolicies: textsOf(speaking) })
  if (parsed.type === 'failure')
    throw new AvouchError('input', parsed.errors[0]?.message ?? 'the policies cannot be read', {
      where: 'policies',
    })
  const text = speaking.map(({ json }) => json).join()
  const known = new Map<string, boolean>()
  const mentions = (attribute: string): boolean => {
    const is = known.get(attribute) ?? text.includes(`"${attribute}"`)
    known.set(attribute, is)
    return is
  }
  return { id, mentions }
}

type Part = {
  id: string
  text: string
  json: string
  reason: string
  /** Undefined for all. */
  actions: string[] | undefined
}

function textsOf(parts: readonly Part[]): Record<string, string> {
  return Object.fromEntries(parts.map(({ id, text }) => [id, text]))
}

function partsOf(file: string, text: string): Part[] {
  const parsed = checkParsePolicySet({ staticPolicies: text })
  if (parsed.type === 'failure') {
    const { message, sourceLocations: [place] = [] } = parsed.errors[0]!
    throw new AvouchError('input', `this is no Cedar policy: ${message.replace(/^.*?from string: /, '')}`, {
      where: place ? `${file}:${lineOf(text, place.start)}` : file,
      fix: place?.label ?? 'See the Cedar policy language guide.',
    })
  }
  const parts = policySetTextToParts(text)
  if (parts.type === 'failure')
    throw new AvouchError('input', parts.errors[0]?.message ?? 'it cannot be read', { where: file })
  return parts.policies.map((policy) => {
    const answer = policyToJson(policy)
    const json = answer.type === 'success' ? answer.json : undefined
    const { id, reason } = json?.annotations ?? {}
    if (json === undefined || id === undefined || !/^[a-z0-9][a-z0-9-]{0,99}$/.test(id))
      throw new AvouchError('input', 'every policy is named by an @id of small letters, digits and hyphens', {
        where: `${file}:${lineOf(text, Buffer.byteLength(text.slice(0, text.indexOf(policy))))}`,
      })
    return {
      id,
      text: policy,
      json: JSON.stringify(json),
      reason: reason?.slice(0, 500) ?? id,
      actions: actionsOf(json.action),
    }
  })
}

function wordsIn(json: string): string[] {
  return [...json.matchAll(/"Value":"([a-z0-9-]{1,100})"/g)].map(([, word]) => word!)
}

/** The actions that a policy's head names; undefined for all of them. */
function actionsOf(constraint: ActionConstraint): string[] | undefined {
  if (constraint.op === 'All' || 'slot' in constraint) return undefined
  const named = 'entities' in constraint ? constraint.entities : [constraint.entity]
  return named.map((one) => ('__entity' in one ? one.__entity.id : one.id))
}

function checkAgainstSchema(staticPolicies: Record<string, string>): void {
  const schema = readFileSync(SCHEMA_FILE, 'utf8')
  const answer = validate({ schema, policies: { staticPolicies } })
  if (answer.type === 'failure')
    throw new AvouchError('input', answer.errors[0]?.message ?? 'the policies cannot be checked', {
      where: 'policies',
    })
  const [wrong] = answer.validationErrors
  if (wrong)
    throw new AvouchError('input', wrong.error.message, {
      where: `policy ${wrong.policyId}`,
      fix: wrong.error.help ?? 'The schema, access.cedarschema, says what policies can speak of.',
    })
}

function lineOf(text: string, offset: number): number {
  return Buffer.from(text).subarray(0, offset).toString().split('\n').length
}

/** No schema is given: the entities are made right here, of the types that the policies were checked for. */
function decide(
  prepared: PreparedSet,
  settings: Settings,
  reasons: ReadonlyMap<string, string>,
  { subject, action, model, environment, purpose, seconds, projects }: Question,
): Decided {
  const [name = '', version = ''] = model.split('@')
  const { id, ...person } = subject
  const principal = { type: 'Person', id }
  const resource = { type: 'Model', id: model }
  const entity = (uid: TypeAndId, attributes: Record<string, string | readonly string[]>): EntityJson => ({
    uid,
    attrs: mentioned(prepared, attributes),
    parents: [],
  })
  const answer = statefulIsAuthorized({
    principal,
    action: { type: 'Action', id: action },
    resource,
    context: { environment, purpose, seconds },
    preparsedPolicySetId: prepared.id,
    entities: [
      entity(principal, person),
      entity(resource, { name, version, projects: projects ?? projectsOf(settings, model) }),
    ],
  })
  if (answer.type === 'failure')
    throw new AvouchError('internal', `the policies could not decide: ${answer.errors[0]?.message}`)
  const { decision, diagnostics } = answer.response
  // Cedar passes over a policy that fails; were it one that forbids, passing over it would permit
  const [failed] = diagnostics.errors
  if (failed)
    return {
      allowed: false,
      policies: [failed.policyId],
      because: `the policy ${failed.policyId} failed: ${failed.error.message}`,
    }
  const policies = [...diagnostics.reason].sort()
  return {
    allowed: decision === 'allow',
    policies,
    because:
      policies.length === 0
        ? 'no policy permits it'
        : policies.map((one) => reasons.get(one) ?? one).join('; '),
  }
}

function mentioned(
  { mentions }: PreparedSet,
  attributes: Record<string, string | readonly string[]>,
): Record<string, CedarValueJson> {
  const kept: Record<string, CedarValueJson> = {}
  for (const [attribute, value] of Object.entries(attributes))
    if (mentions(attribute)) kept[attribute] = typeof value === 'string' ? value : [...value]
  return kept
}
