/** Counts the days since the account's balance fell below zero. */
import { z } from 'zod'
import { debtOf } from '../core/balances.ts'
import { defineDetector } from '../core/detector.ts'
import { currencyOf, majorAmount, minorOf } from '../core/money.ts'
import { dayText } from '../core/time.ts'

const limits = z.strictObject({
  /** So much below zero is neither a debt nor the end of one. */
  ignoredMax: majorAmount,
})

export const negativeBalance = defineDetector<z.infer<typeof limits>>({
  name: 'negative-balance',
  version: 1,
  kind: 'deadline',
  isAbsence: true,
  on: ['balances', 'lifecycle'],
  clears: ['settle-balance'],
  documents: ['payment-receipt', 'bank-statement'],
  advice: ['adv-pay'],
  limits,

  measure({ facts }, { knownBeforeMs, zone, profile }, { ignoredMax }) {
    const currency = currencyOf(profile, facts)
    const debt = debtOf(facts.balances, minorOf(ignoredMax, currency), knownBeforeMs)
    if (debt === undefined) return []
    const since = zone.dayOf(debt.sinceMs)
    return [
      {
        kind: 'deadline',
        subject: 'account',
        consequence: 'cancellation-blocked',
        from: since,
        cause: dayText(since),
        seen: { balance: debt.amount, currency, since: dayText(since) },
      },
    ]
  },
})
