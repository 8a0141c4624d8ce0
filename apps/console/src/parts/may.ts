import { useQuery } from '@tanstack/react-query'
import { covers, questions } from '../data.ts'

/** Whether who is signed in may do this, so that a page offers no more. The server judges again. */
export function useMay(): (permission: string) => boolean {
  const { data } = useQuery(questions.me)
  return (permission) => data !== undefined && covers(data.permissions, permission)
}
