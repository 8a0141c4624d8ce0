import { algorithmsOf, type Maker } from '../content.ts'

/** IPTC's digital source type for what a trained model made. */
export const GENERATED = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'

/** What a manifest of ours says, and all it says: nothing in it is about a person. */
export type Statement = {
  maker: Maker
  /** Of media: it decides the algorithms that are pointed at. */
  family: string
  /** Where there is a watermark to point at. */
  contentId: string | undefined
  /** Hex; the fingerprint of the marked content. */
  fingerprint: string
  /** To the minute. */
  when: Date
  mediaType: string
  /** Of Avouch. */
  version: string
}

/** The label by which the action that opened an older manifest's content finds it. */
export const PARENT = 'parent'

/**
 * A C2PA 2.x manifest definition as c2pa-rs reads it. Content without a manifest was created; content that had one was
 * opened, and what it said is kept as its parent.
 */
export function definitionOf(statement: Statement, hasParent: boolean): Record<string, unknown> {
  const { maker, contentId, fingerprint, when, mediaType, version } = statement
  const { watermark, fingerprint: alg } = algorithmsOf(statement.family)
  const moment = `${when.toISOString().slice(0, 16)}:00Z`
  const agent = { name: maker.service, version: maker.model }
  const made = { when: moment, softwareAgent: agent, digitalSourceType: GENERATED }
  const actions = hasParent
    ? [
        { action: 'c2pa.opened', when: moment, parameters: { ingredientIds: [PARENT] } },
        { action: 'c2pa.edited', ...made },
      ]
    : [{ action: 'c2pa.created', ...made }]
  const bindings = [
    ...(contentId === undefined ? [] : [binding(watermark, contentId)]),
    binding(alg, fingerprint),
  ]
  return {
    claim_generator_info: [{ name: 'Avouch', version }],
    format: mediaType,
    assertions: [
      {
        label: 'c2pa.actions.v2',
        data: {
          actions: [
            ...actions,
            ...(contentId === undefined ? [] : [{ action: 'c2pa.watermarked.bound', when: moment }]),
          ],
          allActionsIncluded: true,
        },
      },
      ...bindings,
    ],
  }
}

function binding(alg: string, value: string) {
  return { label: 'c2pa.soft-binding', data: { alg, blocks: [{ scope: {}, value }], pad: [] } }
}
