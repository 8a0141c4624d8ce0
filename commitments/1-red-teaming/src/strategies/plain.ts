import { singleTurn } from '@avouch/core/campaign'

/** The probe as it is: what every other strategy is compared with. */
export default singleTurn({
  name: 'plain',
  version: '1',
  reference: 'None: the request itself.',
  transform: (prompt) => prompt,
})
