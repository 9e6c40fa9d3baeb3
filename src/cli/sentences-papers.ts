/** Money that did not go through, balances and documents, in plain English. */
import type { Day } from '../core/time.ts'
import type { WarningRecord } from '../core/warning.ts'
import { amountText, dateText, idOf, onText, seenDate } from './sentence-parts.ts'

/** `fee` names the invoice: `A terminal rental fee of 120.00 CNY (invoice I-7)`. */
export function collectionFailed({ value = 1, seen }: WarningRecord, fee: string): string {
  const code = seen?.['failureCode']
  const reason = code === undefined ? '' : `; the last reason was ${code}`
  if (value < 2) return `${fee} could not be collected${reason}.`
  return `${fee} could not be collected ${value} times${reason}. Payments may be stopped if it stays unpaid.`
}

export function negativeBalance(record: WarningRecord): string {
  const { balance, currency } = record.seen ?? {}
  const since = seenDate(record, 'since')
  const from = since === undefined ? '' : ` since ${dateText(since)}`
  const now = typeof balance === 'number' ? `: ${amountText(balance, String(currency))}` : ''
  return `The balance has been below zero${from}${now}. Until it is settled the account cannot be closed.`
}

export function documentExpiry(record: WarningRecord, today: Day): string {
  const { subject, seen, consequenceOn } = record
  const type = String(seen?.['docType'] ?? 'document').replaceAll('-', ' ')
  const it = `The ${type} we hold (${idOf(subject)})`
  const last = seenDate(record, 'validTo')
  if (last === undefined) return `${it} expires.`
  const expires = last < today ? `expired on ${dateText(last)}` : `expires ${onText(last, today)}`
  if (consequenceOn === undefined) return `${it} ${expires}.`
  const isDue = consequenceOn <= today
  const then = isDue
    ? 'payments may be stopped now'
    : `payments may be stopped ${onText(consequenceOn, today)}`
  return `${it} ${expires}. Without a new one ${then}.`
}

export function payoutReturned({ subject, seen, stage }: WarningRecord): string {
  const code = String(seen?.['returnCode'] ?? '')
  const reason = REASONS[code]
  const why = reason === undefined ? `code ${code}` : `${reason} (${code})`
  const to = subject.startsWith('payout:') ? '' : ` to the settlement account ${idOf(subject)}`
  const what = `The payout ${seen?.['payoutId'] ?? ''}${to} came back: ${why}.`
  if (stage !== 'final-warning') return `${what} The sales stand and the money is safe.`
  return `${what} It is not the first of these weeks: payouts may be held until the account is changed.`
}

/** Return codes of NACHA, SEPA and Stripe. */
const REASONS: Readonly<Record<string, string>> = {
  R02: 'the account is closed',
  R03: 'there is no such account',
  R04: 'the account number is wrong',
  R16: 'the account is frozen',
  R20: 'the account takes no payments',
  R23: 'the receiver refused it',
  AC01: 'the account number is wrong',
  AC04: 'the account is closed',
  AC06: 'the account is blocked',
  AG01: 'the account may not take such payments',
  BE04: 'the address is missing',
  MS03: 'the bank gives no reason',
  RR04: 'a rule forbids it',
  account_closed: 'the account is closed',
  account_frozen: 'the account is frozen',
  no_account: 'there is no such account',
  incorrect_account_holder_name: 'the name is not that of the account',
  bank_account_restricted: 'the account is restricted',
}
