import { expect, test } from 'vitest'
import { explain } from '../../src/core/explain.ts'
import { surroundingsOf } from '../../src/core/explain-suppressed.ts'
import { createFold } from '../../src/core/fold.ts'
import { dayFromDate } from '../../src/core/time.ts'
import { POLICY } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { play } from '../support/watch.ts'

test('a silence that many share holds back the absence of those who sold last on its date', () => {
  const shop = history({ merchantId: 'M1' })
  shop.registers('2025-11-01T08:00')
  shop.activates('2025-11-01T09:00')
  shop.sells('2026-01-15T10:00')
  const untilMs = shop.at('2026-03-01')
  const account = play(shop.lines(), { policy: POLICY, untilMs }).accounts.values().next().value
  if (account === undefined) throw new Error('no account')
  const { sight, silence } = createFold(POLICY).newPartition()
  const cohort = {
    on: dayFromDate(Temporal.PlainDate.from('2026-01-15')),
    ...{ accounts: 40, fromMs: untilMs - 1, toMs: Infinity },
  }
  const heldBy = (its: typeof cohort): readonly string[] => {
    const around = surroundingsOf({ sight, silence: { ...silence, cohorts: [its] } }, account)
    const { suppressed } = explain(POLICY, account, untilMs, around)
    return suppressed.map(({ detector, why }) => `${detector} ${why}`)
  }
  expect(heldBy(cohort)).toContain('merchant-inactivity silent-together')
  expect(heldBy(cohort)).not.toContain('merchant-inactivity blind')
  expect(heldBy({ ...cohort, on: cohort.on + 1 }).join()).not.toContain('silent-together')
  expect(heldBy({ ...cohort, toMs: untilMs }).join()).not.toContain('silent-together')
})
