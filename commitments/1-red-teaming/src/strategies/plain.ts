import { singleTurn } from '@avouch/core/campaign'

/** Part of every plan that names no strategies. */
export const byDefault = true

/** The probe as it is: what every other strategy is compared with. */
export default singleTurn({
  name: 'plain',
  version: '1',
  reference: 'None: the request itself.',
  transform: (prompt) => prompt,
})
