import type { Random } from '../random.ts'
import type { Sex } from './sex.ts'

/** How tall and heavy somebody is for their age, in standard deviations, and where their blood pressure sits. */
export interface Frame {
  readonly heightDeviation: number
  readonly weightDeviation: number
  readonly headDeviation: number
  readonly adultBmi: number
  readonly systolicOffset: number
}

export function drawFrame(random: Random): Frame {
  return {
    heightDeviation: random.around(0, 0.9),
    weightDeviation: random.around(0.1, 0.9),
    headDeviation: random.around(0, 0.8),
    adultBmi: Math.max(18.5, random.around(27.5, 4.5)),
    systolicOffset: random.around(0, 7),
  }
}

/** Age in years, then the middle of the growth charts: height in cm and weight in kg for girls and boys, head in cm. */
// biome-ignore format: the columns are the point
const growth: readonly (readonly [number, number, number, number, number, number])[] = [
  [0, 49.5, 50, 3.3, 3.4, 34.5], [0.25, 60, 61.5, 5.8, 6.4, 40], [0.5, 65.7, 67.6, 7.3, 7.9, 42.8],
  [1, 74, 75.7, 8.9, 9.6, 45.5], [1.5, 80.7, 82.3, 10.2, 10.9, 46.8], [2, 86, 87.5, 11.5, 12.2, 47.8],
  [3, 94.5, 95.5, 13.9, 14.3, 49], [4, 101, 102.5, 15.9, 16.3, 49.8], [5, 108, 109.5, 18, 18.5, 50.4],
  [7, 121, 122, 22.6, 23, 51.3], [10, 138, 138.5, 33, 32, 52.5], [12, 151.5, 149, 41.5, 40.5, 53.3],
  [14, 160, 163.5, 49, 51, 54.2], [16, 162.5, 173, 54, 61, 55], [18, 163.2, 176, 57, 67, 55.5],
]

export interface Measures {
  readonly heightCm: number
  readonly weightKg: number
  readonly headCm: number
}

export function measuresAt(frame: Frame, sex: Sex, age: number): Measures {
  const [, girlCm, boyCm, girlKg, boyKg, headCm] = middleOf(Math.min(age, 18))
  const heightCm = (sex === 'female' ? girlCm : boyCm) * (1 + 0.038 * frame.heightDeviation)
  const head = headCm * (1 + 0.028 * frame.headDeviation)
  const childKg = (sex === 'female' ? girlKg : boyKg) * (1 + 0.11 * frame.weightDeviation)
  if (age < 18) return { heightCm, weightKg: childKg, headCm: head }
  // People reach their adult weight by forty and lose a little height after sixty.
  const shrunkCm = heightCm - Math.max(0, age - 60) * 0.08
  const adultKg = frame.adultBmi * (shrunkCm / 100) ** 2
  const part = Math.min(1, (age - 18) / 22)
  return { heightCm: shrunkCm, weightKg: childKg + (adultKg - childKg) * part, headCm: head }
}

function middleOf(age: number): readonly [number, number, number, number, number, number] {
  const above = growth.findIndex(([years]) => years >= age)
  const high = growth[Math.max(above, 1)] as (typeof growth)[number]
  const low = growth[Math.max(above, 1) - 1] as (typeof growth)[number]
  const part = (age - low[0]) / (high[0] - low[0])
  const between = (column: 1 | 2 | 3 | 4 | 5) => low[column] + (high[column] - low[column]) * part
  return [age, between(1), between(2), between(3), between(4), between(5)]
}

/** The share of people below a deviation, in percent, kept within what charts print. */
export function percentile(deviation: number): number {
  const share = 100 / (1 + Math.exp(-1.702 * deviation))
  return Math.min(99, Math.max(1, Math.round(share)))
}
