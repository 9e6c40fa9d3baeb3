/** Every order of events and faults, up to a bound: see README.md beside this file. */
import { describe, expect, test } from 'vitest'
import { explore } from './explore.ts'
import { PLANTED, QUICK } from './plans.ts'

const LONG_MS = 120_000

describe('no order of events and faults breaks the commit protocol', () => {
  test.each(QUICK)('$name', { timeout: LONG_MS }, (settings) => {
    const { violation, isComplete } = explore(settings)
    expect(violation).toBeUndefined()
    expect(isComplete).toBe(true)
  })
})

describe('the exploration finds', () => {
  test.each(PLANTED)('$settings.defect', { timeout: LONG_MS }, ({ settings, told }) => {
    const { violation } = explore(settings)
    expect(violation?.wrong).toMatch(told)
    // And tells the way there.
    expect(violation?.trace.length).toBeGreaterThan(0)
  })
})
