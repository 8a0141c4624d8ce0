import { beginApproval, finishApproval, LOCAL } from '@avouch/core/auth'
import type { Tour } from '@avouch/core/tour'
import { proposeExemption } from './exemption/propose.ts'
import { listExemptions } from './exemption/view.ts'

/** What the example company leaves unmarked: proposed by one, signed by two others. */
export async function exemptVoice({ installation, release, person, tell }: Tour): Promise<void> {
  const name = 'default-voice'
  // a second tour finds it exempt
  const standing = await listExemptions(installation)
  if (standing.some((one) => one.class === name && one.release === release && one.state === 'in-force'))
    return
  const { id, evidence } = await proposeExemption(installation, LOCAL, {
    model: `example-voices/${release}`,
    class: name,
    description: 'The one voice in which the example assistant reads its answers aloud.',
    reason: 'It says at the beginning that it is the assistant, and every product of the company uses it.',
  })
  for (const role of ['release-lead', 'security'] as const) {
    const signer = await person(`${role} for exemptions`, [role])
    const by = await signer.principal()
    await finishApproval(installation, by, id, signer.answer(await beginApproval(installation, by, id)))
  }
  await installation.evidence.logged([evidence])
  tell(`Content of the class ${name} is exempt from marking: two people signed the reason.`)
}
