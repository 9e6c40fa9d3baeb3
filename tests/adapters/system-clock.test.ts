import { expect, test } from 'vitest'
import { createSystemClock, createSystemRandom } from '../../src/adapters/system-clock.ts'

test('a sleep that is aborted ends early and without an error', async () => {
  const clock = createSystemClock()
  const abort = new AbortController()
  const sleeping = clock.sleep(60_000, abort.signal)
  abort.abort()
  await sleeping
  await clock.sleep(60_000, abort.signal)
  await clock.sleep(0)
})

test('spans never step back, and the wall clock is that of the machine', () => {
  const clock = createSystemClock()
  const [first, second] = [clock.monotonicMs(), clock.monotonicMs()]
  expect(second).toBeGreaterThanOrEqual(first)
  expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(1_000)
})

test('writer ids do not repeat and fit into a cursor; fractions are below one', () => {
  const random = createSystemRandom()
  const ids = new Set(Array.from({ length: 1_000 }, random.writerId))
  expect(ids.size).toBe(1_000)
  for (const id of ids) expect(id).toMatch(/^[\w-]{12}$/)
  const fractions = Array.from({ length: 1_000 }, random.fraction)
  expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...fractions)).toBeLessThan(1)
})
