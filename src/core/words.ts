/** Short texts that many rows share, each kept once: terminals, response codes, issuers. */

/** Their place is what the rows hold; the first is the empty word. */
export type Words = string[]

/** More than rows can be: each of 512 has three. */
const WORDS_MAX = 0xffff

export const emptyWords = (): Words => []

/** Place of a word, given one where it has none. Of more than 65,535 the rest is read as empty. */
export function indexOfWord(words: Words, word: string): number {
  if (word === '' && words.length > 0) return 0
  const known = words.lastIndexOf(word)
  if (known >= 0) return known
  if (words.length === 0) {
    words.push('')
    if (word === '') return 0
  }
  if (words.length > WORDS_MAX) return 0
  return words.push(word) - 1
}
