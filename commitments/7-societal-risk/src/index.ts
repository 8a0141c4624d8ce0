import { defineCommitment } from '@avouch/core/commitment'
import { obligations } from './obligations.ts'

export default defineCommitment({
  number: 7,
  name: 'societal-risk',
  title: 'Societal risk',
  promise:
    'Research on the societal risks of AI has priority: harmful bias, discrimination, privacy, children, and trust and safety teams with real power.',
  obligations,
})
