import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { mustBeFilledIn } from './placeholder.ts'
import { studyPlanSchema } from './plan.ts'
import { planTemplate, resultTemplate } from './template.ts'

const template = planTemplate(['robustness'], '2027-01-01')

describe('a template', () => {
  it('is refused as it is, with what is to be filled in, though its form is right', () => {
    const plan = studyPlanSchema.parse(parse(template))
    expect(() => mustBeFilledIn(plan, template, 'plan.yaml')).toThrow(
      expect.objectContaining({
        code: 'input',
        where: 'plan.yaml',
        message: expect.stringMatching(/title, question, hypotheses\.0\.statement, design\.description/),
      }),
    )
    const result = resultTemplate({ hypotheses: plan.hypotheses, kind: 'uplift' })
    expect(() => mustBeFilledIn(parse(result), result, 'result.yaml')).toThrow(/summary, .*signer/)
  })

  it('is refused where one sentence is left, and taken where all are said', () => {
    const said = (value: unknown): unknown =>
      typeof value === 'string' && value.includes(' ')
        ? 'What we mean to do.'
        : Array.isArray(value)
          ? value.map(said)
          : typeof value === 'object' && value !== null
            ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, said(inner)]))
            : value
    const filled = said(parse(template)) as { question: string }
    expect(() => mustBeFilledIn(filled, template, 'f')).not.toThrow()
    const left = { ...filled, question: '\n  What is to be found out,   as one question.' }
    expect(() => mustBeFilledIn(left, template, 'f')).toThrow('still stand in question')
  })
})
