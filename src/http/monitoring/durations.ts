/** Upper bounds of the buckets in seconds; one more holds what took longer. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30]

/** How long requests took, by bucket. Counted here since the library's own counting costs a read as much as its routing. */
export class Durations {
  readonly #counts = new Float64Array(bounds.length + 1)
  #sum = 0

  add(seconds: number): void {
    let bucket = 0
    while (seconds > (bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket++
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#sum += seconds
  }

  /** As Prometheus wants a histogram: each bucket counts what the ones below it count, too. */
  samples(name: string, labels: Readonly<Record<string, string>>) {
    let count = 0
    const buckets = [...this.#counts].map((own, i) => {
      count += own
      return { metricName: `${name}_bucket`, labels: { ...labels, le: String(bounds[i] ?? '+Inf') }, value: count }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: count },
    ]
  }
}
