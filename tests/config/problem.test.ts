import { expect, test } from 'vitest'
import { didYouMean, problemText, wrong } from '../../src/config/problem.ts'

test.each<[word: string, known: string[], hint: string | undefined, shows: string]>([
  ['thresold', ['threshold', 'source'], 'did you mean "threshold"?', 'a letter left out'],
  ['soucre', ['threshold', 'source'], 'did you mean "source"?', 'two letters swapped'],
  ['LIMITS', ['limits'], 'did you mean "limits"?', 'case is no letter'],
  ['ab', ['xy'], undefined, 'nothing is near'],
  ['monkey', ['limits', 'source'], undefined, 'a guess would mislead'],
  ['a', ['b'], 'did you mean "b"?', 'one letter may always be wrong'],
  ['x', [], undefined, 'nothing is known'],
])('%s of %j → %s (%s)', (word, known, hint, _shows) => {
  expect(didYouMean(word, known)?.hint).toBe(hint)
})

test('says where, what and how to put it right', () => {
  const problem = { file: 'f.yaml', line: 3, path: 'a.b', message: 'unknown key', hint: 'c?' }
  expect(problemText(problem)).toBe('f.yaml:3: a.b: unknown key (c?)')
  expect(problemText({ file: 'NAME', path: '', message: 'bad' })).toBe('NAME: bad')
})

test('says each mistake once, by file and line', () => {
  const at = (file: string, line: number) => ({ file, line, path: '', message: 'bad' })
  const { problems } = wrong([at('b', 1), at('a', 10), at('a', 9), at('b', 1)])
  expect(problems.map(problemText)).toEqual(['a:9: bad', 'a:10: bad', 'b:1: bad'])
})
