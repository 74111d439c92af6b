/**
 * What each comparison is worth: binary logarithms of how much more often it turns out so for records of one person than
 * for two records taken at random (Fellegi and Sunter, "A Theory for Record Linkage", 1969). Sizes are those of a
 * practice of the United States: a family name is shared by one in 200, a birth date by one in 10,000.
 */
// biome-ignore format: a table
export const weights = {
  family:     { same: 7.5, slip: 5.5, part: 5, differs: -3.5, unknown: 0 },
  given:      { same: 7, nickname: 5, slip: 4.5, initial: 2, differs: -6, unknown: 0 },
  middle:     { same: 3, initial: 1, differs: -1.5, unknown: 0 },
  birthDate:  { same: 13, swapped: 7, slip: 5, near: 1, part: 5, differs: -6, unknown: 0 },
  strong:     { same: 20, slip: 4, differs: -3, unknown: 0 },
  other:      { same: 12, differs: -2, unknown: 0 },
  address:    { same: 7, near: 5, area: 2, differs: -1, unknown: 0 },
  phone:      { same: 8, differs: -0.5, unknown: 0 },
  email:      { same: 9, differs: -0.5, unknown: 0 },
  gender:     { same: 1, differs: -3, unknown: 0 },
  death:      { agrees: 0, contradicts: -4, unknown: 0 },
} as const

export const extraWeights = {
  /** Family and given name stood in each other's place. */
  swapped: -2,
  otherGeneration: -5,
  /** The social security number is somebody else's. */
  otherPersonsNumber: -4,
} as const

/** How rare it is that a record taken at random is the one meant: one in 50,000. */
export const prior = -15.6

/** Least probability of a grade. */
export const thresholds = { certain: 0.99, probable: 0.7, possible: 0.1 } as const
