import { defineCommitment } from '@avouch/core/commitment'
import { obligations } from './obligations.ts'

export default defineCommitment({
  number: 8,
  name: 'grand-challenges',
  title: 'Grand challenges',
  promise:
    "Frontier AI is developed and deployed to help meet society's greatest challenges, and people are helped to prosper with it.",
  obligations,
})
