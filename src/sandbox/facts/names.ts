/** Names as they are common in the United States; people in here are invented. */
export const givenNames = {
  female: [
    'Olivia', 'Emma', 'Charlotte', 'Amelia', 'Sophia', 'Isabella', 'Ava', 'Mia', 'Evelyn', 'Luna', 'Harper', 'Camila',
    'Elena', 'Naomi', 'Ruth', 'Dorothy', 'Patricia', 'Linda', 'Barbara', 'Maria', 'Nancy', 'Karen', 'Aaliyah', 'Priya',
    'Mei', 'Fatima', 'Guadalupe', 'Keiko', 'Anika', 'Zoe',
  ],
  male: [
    'Liam', 'Noah', 'Oliver', 'James', 'Elijah', 'Mateo', 'Theodore', 'Henry', 'Lucas', 'William', 'Benjamin', 'Levi',
    'Robert', 'Michael', 'David', 'Richard', 'Joseph', 'Thomas', 'Charles', 'Daniel', 'Jamal', 'Arjun', 'Wei', 'Omar',
    'Diego', 'Kenji', 'Tyrone', 'Samuel', 'Isaac', 'Walter',
  ],
} as const

export const familyNames = [
  'Smith', 'Johnson', 'Williams', 'Brown', 'Jones', 'Garcia', 'Miller', 'Davis', 'Rodriguez', 'Martinez', 'Hernandez',
  'Lopez', 'Gonzalez', 'Wilson', 'Anderson', 'Thomas', 'Taylor', 'Moore', 'Jackson', 'Martin', 'Lee', 'Perez',
  'Thompson', 'White', 'Harris', 'Sanchez', 'Clark', 'Ramirez', 'Lewis', 'Robinson', 'Walker', 'Young', 'Allen', 'King',
  'Wright', 'Scott', 'Torres', 'Nguyen', 'Hill', 'Flores', 'Green', 'Adams', 'Nelson', 'Baker', 'Hall', 'Rivera',
  'Campbell', 'Mitchell', 'Carter', 'Roberts', "O'Neill", 'Patel', 'Kim', 'Chen', 'Kowalski', 'Okafor', 'Begay',
  'Yazzie', 'Müller', 'Saint-Clair',
] as const

/** People who write their names in another script: script, family, given, and how the card reads. */
export const namesInOtherScripts = [
  { language: 'zh', family: '王', given: '秀英', text: '王秀英', latinFamily: 'Wang', latinGiven: 'Xiuying' },
  { language: 'ru', family: 'Иванова', given: 'Анна', text: 'Анна Иванова', latinFamily: 'Ivanova', latinGiven: 'Anna' },
  { language: 'ar', family: 'الحسن', given: 'ليلى', text: 'ليلى الحسن', latinFamily: 'Al-Hasan', latinGiven: 'Layla' },
  { language: 'ko', family: '김', given: '민준', text: '김민준', latinFamily: 'Kim', latinGiven: 'Minjun' },
  { language: 'el', family: 'Παπαδόπουλος', given: 'Γιώργος', text: 'Γιώργος Παπαδόπουλος', latinFamily: 'Papadopoulos', latinGiven: 'Giorgos' },
] as const

export const suffixes = ['Jr.', 'Sr.', 'II', 'III'] as const
