/** What the operator says of an account's balance, by its own time. */
import { insertByTime } from './by-time.ts'
import type { EpochMs } from './time.ts'

const BALANCES_MAX = 48

/** In minor units of the account's currency. */
export type Balance = { atMs: EpochMs; amount: number }

/**
 * Keeps the newest 48. Of a debt that fills them all the beginning stays, and what followed it is forgotten
 * first: else a balance told daily would seem to have fallen a day later each day.
 */
export function noteBalance(balances: Balance[], balance: Balance, majorUnit: number): void {
  insertByTime(balances, balance, BALANCES_MAX + 1)
  if (balances.length <= BALANCES_MAX) return
  const [first, second] = balances
  const isDebt = first!.amount < -majorUnit && second!.amount < 0
  balances.splice(isDebt ? 1 : 0, 1)
}

/** Since when the account owes, and how much now: `amount` is below zero. Undefined: it does not. */
export type Debt = Readonly<{ sinceMs: EpochMs; amount: number }>

/** A balance from `-ignoredMax` up to zero neither starts nor ends a debt. `beforeMs` is exclusive. */
export function debtOf(
  balances: readonly Balance[],
  ignoredMax: number,
  beforeMs: EpochMs,
): Debt | undefined {
  let debt: Debt | undefined
  for (const { atMs, amount } of balances) {
    if (atMs >= beforeMs) break
    if (amount >= 0) debt = undefined
    else if (amount < -ignoredMax) debt = { sinceMs: debt?.sinceMs ?? atMs, amount }
  }
  return debt
}
