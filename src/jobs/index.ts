/** The durable queue: work in the background that survives its process. worker.ts tells how it works. */
export { type Failure, type Job, Postponed, type Work } from './job.ts'
// the queue
export { addJob } from './queue/add.ts'
export { cancelJob, cancelTopics } from './queue/cancel.ts'
export { othersWait } from './queue/practice-work.ts'
export { activeJobs, type JobStatus, jobStatus, type ListedJob, listJobs } from './queue/status.ts'
// doing what is in it
export { queueSweep, sweepJob } from './sweep.ts'
export { startWorker, type Worker } from './worker.ts'
