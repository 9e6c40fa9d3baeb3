/** What the operator says the account's balance is. */
import type { EventOf } from '../events/event.ts'
import { minorUnits } from '../events/currencies.ts'
import type { Applying } from './applying.ts'
import { noteBalance } from './balances.ts'

export function applyBalance(
  { account, atMs, currency, changes, notes }: Applying,
  { data }: EventOf<'balance.negative'>,
): void {
  const { facts } = account
  if (data.currency !== (currency ?? facts.currency)) {
    notes.push({ kind: 'currency-mismatch' })
    return
  }
  noteBalance(facts.balances, { atMs, amount: data.balance }, 10 ** minorUnits(data.currency))
  account.dirty.facts = true
  changes.add('balances')
}
