/** Milliseconds of the processor that this process has taken: of work between two calls, whatever else the machine does. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
