import { defineCommitment } from '@avouch/core/commitment'
import { obligations } from './obligations.ts'

export default defineCommitment({
  number: 2,
  name: 'information-sharing',
  title: 'Information sharing',
  promise:
    'Companies share information on trust and safety with each other and with governments: advances in frontier capability, emerging risks, and attempts to get round safeguards.',
  obligations,
})
