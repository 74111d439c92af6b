/** City, state, postal code and the first telephone digits. */
export const cities = [
  ['Boston', 'MA', '02118', '617'],
  ['Worcester', 'MA', '01608', '508'],
  ['Springfield', 'MA', '01103', '413'],
  ['Lowell', 'MA', '01852', '978'],
  ['Cambridge', 'MA', '02139', '617'],
  ['Providence', 'RI', '02903', '401'],
  ['Hartford', 'CT', '06103', '860'],
  ['Manchester', 'NH', '03101', '603'],
] as const

export const streets = [
  'Maple Street',
  'Oak Avenue',
  'Elm Street',
  'Washington Street',
  'Pleasant Street',
  'Highland Avenue',
  'Church Street',
  'River Road',
  'Park Avenue',
  'Union Street',
  'Chestnut Street',
  'Summer Street',
  'Winter Hill Road',
  'Mill Lane',
] as const

export const languages = {
  en: 'English',
  es: 'Spanish',
  zh: 'Chinese',
  ru: 'Russian',
  ar: 'Arabic',
  ko: 'Korean',
  el: 'Greek',
} as const
export type Language = keyof typeof languages
