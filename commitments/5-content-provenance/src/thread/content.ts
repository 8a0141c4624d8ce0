import { jobs } from './jobs.ts'
import { serve } from './worker.ts'

serve(jobs)
