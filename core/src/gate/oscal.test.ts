import { expect, it } from 'vitest'
import { discoverCommitments } from '../discover.ts'
import { oscalCatalog } from './oscal.ts'

it('holds every obligation once, with ids that are OSCAL tokens', async () => {
  const commitments = await discoverCommitments()
  const { catalog } = oscalCatalog(commitments, new Date('2026-01-01T00:00:00Z'))
  const controls = catalog.groups.flatMap((group) => group.controls)
  expect(controls.map((control) => control.props[0]!.value)).toEqual(
    commitments.flatMap((c) => c.obligations.map((o) => o.id)),
  )
  for (const { id } of [...catalog.groups, ...controls, ...controls.flatMap((c) => c.parts)])
    expect(id).toMatch(/^[A-Za-z_][A-Za-z0-9._-]*$/)
  expect(catalog.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(oscalCatalog(commitments, new Date()).catalog.uuid).toBe(catalog.uuid)
})
