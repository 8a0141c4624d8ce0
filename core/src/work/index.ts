export type { Jobs, Queue } from './job.ts'
export { openQueue } from './queue.ts'
export { type RunningWorker, startWorker, type WorkerOptions } from './worker.ts'
