import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createProgress } from '../../src/cli/progress.ts'
import type { ProgressOptions } from '../../src/cli/progress.ts'

function given(isTTY: boolean, options: Partial<ProgressOptions> = {}) {
  const stderr = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY })
  let ms = 1_000
  const progress = createProgress(
    { stderr },
    { label: 'replay', total: 40e6, monotonicMs: () => ms, ...options },
  )
  const pass = (by: number): void => void (ms += by)
  return { ...progress, pass, text: () => (stderr.read() ?? '') as string }
}

test('a terminal gets a bar with rate and time left, and no trace of it at the end', () => {
  const { at, done, pass, text } = given(true)
  pass(5_000)
  at(10e6)
  done()
  expect(text()).toBe(
    '\r\u001b[2Kreplay ██████░░░░░░░░░░░░░░░░░░ 25 %  2.0 MB/s  15 s left\r\u001b[2K',
  )
})

test('is not drawn more than ten times a second', () => {
  const { at, pass, text } = given(true)
  for (let step = 0; step < 1_000; step++) {
    pass(1)
    at(step)
  }
  expect(text().split('\r')).toHaveLength(10 + 1)
})

test('of an unknown total tells how much, not how far', () => {
  const { at, pass, text } = given(true, { total: undefined, unit: 'records' })
  pass(2_000)
  at(3_000)
  expect(text()).toBe('\r\u001b[2Kreplay 3,000 records  1,500 records/s')
})

test('a pipe gets nothing', () => {
  const { at, done, pass, text } = given(false)
  pass(60_000)
  at(10e6)
  done()
  expect(text()).toBe('')
})

test('a pipe that is a log gets a line every ten seconds', () => {
  const { at, pass, text } = given(false, { isLogged: true })
  for (const _ of [1, 2, 3, 4]) {
    pass(6_000)
    at(20e6)
  }
  expect(text()).toBe('replay 50 %  1.7 MB/s  12 s left\nreplay 50 %  833.3 kB/s  24 s left\n')
})
