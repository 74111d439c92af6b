/** Workloads that others publish (specs/performance.md part 6), as far as they read. */
import type { Row } from '../row.ts'
import { healthSamurai } from '../workloads/health-samurai.ts'
import { includePerf } from '../workloads/include-perf.ts'
import { mockHealth } from '../workloads/mock-health.ts'
import { wso2 } from '../workloads/wso2.ts'

export const workloads: Row = {
  name: 'workloads',
  async *measure(bench) {
    yield* healthSamurai(bench)
    yield* mockHealth(bench)
    yield* wso2(bench)
    yield* includePerf(bench)
  },
}
