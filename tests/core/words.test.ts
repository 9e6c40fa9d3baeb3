import { expect, test } from 'vitest'
import { emptyWords, indexOfWord } from '../../src/core/words.ts'

test('each word has one place, and the first is of the empty word', () => {
  const words = emptyWords()
  expect(['T1', '51', 'T1', '', '51'].map((word) => indexOfWord(words, word))).toEqual([
    1, 2, 1, 0, 2,
  ])
  expect(words).toEqual(['', 'T1', '51'])
})

test('the empty word alone', () => {
  const words = emptyWords()
  expect(indexOfWord(words, '')).toBe(0)
  expect(words).toEqual([''])
})

test('beyond what two bytes can say a word is empty', () => {
  const words = Array.from({ length: 0xffff }, (_, at) => (at === 0 ? '' : `w${at}`))
  expect(indexOfWord(words, 'last')).toBe(0xffff)
  expect(indexOfWord(words, 'more')).toBe(0)
  expect(indexOfWord(words, 'last')).toBe(0xffff)
})
