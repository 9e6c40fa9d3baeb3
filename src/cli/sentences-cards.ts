/** Declined cards, unusual sales and refunds, in plain English. */
import type { WarningRecord } from '../core/warning.ts'
import { amountText, dateText, seenDate } from './sentence-parts.ts'

const LOOK = 'For the operator to look at; nothing is decided.'
const MAY_ASK = 'The operator may ask for an explanation or suspend the account.'

const then = ({ stage }: WarningRecord): string => (stage === 'notice' ? LOOK : MAY_ASK)

export function networkRejected({ seen }: WarningRecord): string {
  const codes = String(seen?.['codes'] ?? '')
  const code = codes.includes(' ') ? `codes ${codes.replaceAll(' ', ', ')}` : `code ${codes}`
  const issuers = String(seen?.['issuers'] ?? '').replaceAll(' ', ', ')
  return `The card network does not accept this account: ${code} from the issuers ${issuers}. Card payments do not go through until that is put right.`
}

export function declineRatio(record: WarningRecord): string {
  const { k = 0, n = 0, baseline, window } = record
  const isHour = window !== undefined && window.toMs - window.fromMs <= 3_600_000
  const usual = baseline === undefined ? '' : `; ${percentText(baseline)} are usual`
  const within = isHour ? 'an hour' : 'a day'
  return `${k} of ${n} payments within ${within} were declined${usual}. ${then(record)}`
}

/** From hundredths of a per cent. */
function percentText(basisPoints: number): string {
  return `${(basisPoints / 100).toLocaleString('en', { maximumFractionDigits: 1 })} %`
}

export function cardTesting(record: WarningRecord): string {
  const { value = 0, n = 0, seen } = record
  const small = seen?.['isMicro'] === 'yes' ? ', most of them for next to nothing' : ''
  return `${value} different cards of ${seen?.['issuers'] ?? 'several'} issuers were declined among ${n} attempts within an hour${small}: card numbers may be being tried out. ${then(record)}`
}

export function repeatCard(record: WarningRecord): string {
  const sales = Number(record.seen?.['sales'] ?? record.value)
  const same = Number(record.seen?.['same'] ?? 0)
  const of =
    same < 2 ? '' : same === sales ? ', always the same amount' : `, ${same} times the same`
  return `One card paid ${sales} times on one day${of}. ${then(record)}`
}

export function roundAmount(record: WarningRecord): string {
  const { k = 0, n = 0 } = record
  return `${k} of ${n} large sales within seven days are of round amounts. ${then(record)}`
}

export function dormantReactivation(record: WarningRecord): string {
  const { count, sum, currency, gapDays } = record.seen ?? {}
  const last = seenDate(record, 'lastSale')
  const since = last === undefined ? '' : `, since ${dateText(last)}`
  const money = typeof sum === 'number' ? ` of ${amountText(sum, String(currency))} in all` : ''
  const sales = count === 1 ? 'there is a sale' : `there are ${count} sales`
  return `After ${gapDays} days without a payment${since}, ${sales}${money}. ${then(record)}`
}

export function unmatchedRefund(record: WarningRecord): string {
  const { count, largest, currency } = record.seen ?? {}
  const amount = typeof largest === 'number' ? amountText(largest, String(currency)) : ''
  const what =
    count === 1
      ? `A refund of ${amount} has no sale that it undoes.`
      : `${count} refunds within a day have no sale that they undo; the largest is of ${amount}.`
  const ask = 'If nobody in the shop made it, the terminal or a password may be in wrong hands.'
  return `${what} ${record.stage === 'notice' ? LOOK : ask}`
}
