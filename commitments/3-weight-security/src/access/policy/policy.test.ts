import { beforeAll, describe, expect, it } from 'vitest'
import { runCases } from './cases.ts'
import { type Policies, type Question, readPolicies } from './engine.ts'
import { CASES, DEFAULT_FOLDER, digestOf, type PolicyFiles, readPolicyFiles } from './files.ts'
import { projectsOf } from './settings.ts'

let shipped: PolicyFiles
let policies: Policies
beforeAll(async () => {
  shipped = await readPolicyFiles(DEFAULT_FOLDER)
  policies = readPolicies(shipped)
})

const permitAll = '@id("all") permit (principal, action, resource);'
const question: Question = {
  subject: { id: 'someone', team: 't', functions: [], projects: [], environments: [], roles: [] },
  action: 'read',
  model: 'example-model@1',
  environment: 'evaluation',
  purpose: 'evaluation',
  seconds: 60,
}

describe('the policies that ship', () => {
  it('answer their own cases as they say', () => {
    const results = runCases(policies, shipped[CASES]!, CASES)
    expect(results.length).toBeGreaterThan(5)
    for (const { name, expected, answered } of results) expect(answered, name).toBe(expected)
    expect(new Set(results.map(({ expected }) => expected))).toEqual(new Set(['allow', 'deny']))
  })

  it('let nobody read a model whose project was not said', () => {
    expect(policies.decide(question)).toMatchObject({
      allowed: false,
      policies: ['never-unknown-models'],
      because: 'a model that belongs to no project is read by nobody',
    })
  })
})

describe('a set of policies', () => {
  it('is refused with file, line and reason where it is wrong', () => {
    const wrong = (text: string): unknown => {
      try {
        return readPolicies({ 'a.cedar': text })
      } catch (error) {
        return error
      }
    }
    expect(wrong('@id("a")\npermit (principal, action')).toMatchObject({ code: 'input', where: 'a.cedar:2' })
    expect(wrong('permit (principal, action, resource);')).toMatchObject({
      code: 'input',
      where: 'a.cedar:1',
    })
    expect(wrong(`${permitAll}\n${permitAll}`)).toMatchObject({
      message: expect.stringContaining('called all'),
    })
    expect(
      wrong('@id("a") permit (principal, action, resource) when { principal.salary > 3 };'),
    ).toMatchObject({ code: 'input', where: 'policy a' })
    expect(wrong('@id("a") permit (principal == ?principal, action, resource);')).toMatchObject({
      message: expect.stringContaining('a template'),
    })
    expect(() => readPolicies({ 'access.yaml': 'rings: {days: 0}' })).toThrow(/rings/)
    expect(() => readPolicies({ 'access.yaml': 'ringz: {days: 3}' })).toThrow(/ringz/)
  })

  it('denies what none permits, and where a policy fails', () => {
    expect(readPolicies({}).decide(question)).toEqual({
      allowed: false,
      policies: [],
      because: 'no policy permits it',
    })
    expect(readPolicies({ 'a.cedar': permitAll }).decide(question).allowed).toBe(true)
    const overflow =
      '@id("sum") forbid (principal, action, resource) when { context.seconds + 9223372036854775807 < 0 };'
    const failing = readPolicies({ 'a.cedar': `${permitAll}\n${overflow}` }).decide(question)
    expect(failing).toMatchObject({ allowed: false, policies: ['sum'] })
    expect(failing.because).toMatch(/failed/)
  })

  it('decides on every attribute it mentions, whatever the action', () => {
    const text = `@id("roles") permit (principal, action == Action::"approve", resource)
      when { principal.roles.contains("custodian") && resource.version == "1" && principal.team == "t" };`
    const { decide } = readPolicies({ 'a.cedar': text })
    const approve = {
      ...question,
      action: 'approve' as const,
      subject: { ...question.subject, roles: ['custodian'] },
    }
    expect(decide(approve).allowed).toBe(true)
    expect(decide({ ...approve, model: 'example-model@2' }).allowed).toBe(false)
    expect(decide({ ...approve, action: 'read' }).allowed).toBe(false)
  })

  it('has another digest with every change, and knows the projects of a model', () => {
    expect(digestOf({ ...shipped, 'x.cedar': '' })).not.toBe(policies.digest)
    const { settings } = readPolicies({
      'access.yaml': 'models: {"m@2": [two], m: [one], "*": [others]}',
    })
    expect(['m@1', 'm@2', 'other@1'].map((model) => projectsOf(settings, model))).toEqual([
      ['one'],
      ['two'],
      ['others'],
    ])
  })
})
