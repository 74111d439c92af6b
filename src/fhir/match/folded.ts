/**
 * A name or a street as it is compared: Latin letters and digits in lower case, without accents. What Unicode does not
 * take apart stands here, with Greek and Cyrillic as passports write them (ICAO 9303 part 3 section 6), so that "Søren"
 * meets "Soren" and "Иванов" meets "Ivanov". Other scripts stay as they are: they meet only themselves. More than 80
 * letters are not compared.
 */
const latin: Readonly<Record<string, string>> = {
  ...{ æ: 'ae', œ: 'oe', ø: 'o', ß: 'ss', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i', ħ: 'h', ŧ: 't', ŋ: 'n', ə: 'a' },
  ...{ а: 'a', б: 'b', в: 'v', г: 'g', ґ: 'g', д: 'd', е: 'e', є: 'ie', ж: 'zh', з: 'z', и: 'i', і: 'i', к: 'k' },
  ...{ л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch' },
  ...{ ш: 'sh', щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'iu', я: 'ia' },
  ...{ ђ: 'd', ј: 'j', љ: 'lj', њ: 'nj', ћ: 'c', џ: 'dz' },
  ...{ α: 'a', β: 'v', γ: 'g', δ: 'd', ε: 'e', ζ: 'z', η: 'i', θ: 'th', ι: 'i', κ: 'k', λ: 'l', μ: 'm', ν: 'n' },
  ...{ ξ: 'x', ο: 'o', π: 'p', ρ: 'r', σ: 's', ς: 's', τ: 't', υ: 'y', φ: 'f', χ: 'ch', ψ: 'ps', ω: 'o' },
}

const mostLetters = 80

export function folded(text: string): string {
  const plain = text
    .slice(0, mostLetters)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ου', 'ou')
  return plain.replace(/[^a-z0-9]/gu, (letter) => latin[letter] ?? (/[\p{L}\p{N}]/u.test(letter) ? letter : ' ')).trim()
}

/** The letters of a part of a name, without blanks, hyphens and digits: "O'Neil-Smith" is "oneilsmith". */
export function letters(text: string): string {
  return folded(text).replace(/[^\p{L}]/gu, '')
}

/** The words of a text that hold letters or digits. */
export function words(text: string): readonly string[] {
  return folded(text)
    .split(/\s+/)
    .filter((word) => word !== '')
}
