import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryOf, newAccount } from '../../src/core/account.ts'
import { moveClock, wakeOf } from '../../src/core/wake.ts'

test('the earliest instant is known after any moves of clocks', () => {
  const instant = fc.oneof(fc.nat(9), fc.constant(Infinity))
  const moves = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), instant, fc.boolean()))
  fc.assert(
    fc.property(moves, (all) => {
      const account = newAccount('acq-a', 'M1')
      for (const [subject, toMs, isAsked] of all) {
        const memory = memoryOf(account, 'fee-overdue', subject)
        moveClock(account, memory.nextMs, toMs)
        memory.nextMs = toMs
        if (!isAsked) continue
        const clocks = [...account.said.get('fee-overdue')!.values()].map(({ nextMs }) => nextMs)
        expect(wakeOf(account)).toBe(Math.min(...clocks))
      }
    }),
    { seed: 1, numRuns: 300 },
  )
})
