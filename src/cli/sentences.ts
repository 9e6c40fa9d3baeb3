/** Warnings in plain English, for people who have never heard of a detector. */
import { createZones } from '../core/time.ts'
import type { Day } from '../core/time.ts'
import type { WarningRecord } from '../core/warning.ts'
import { amountText, dateText, either, idOf, onText, seenDate } from './sentence-parts.ts'
import {
  cardTesting,
  declineRatio,
  dormantReactivation,
  networkRejected,
  repeatCard,
  roundAmount,
  unmatchedRefund,
} from './sentences-cards.ts'
import { endSentence } from './sentences-end.ts'
import {
  collectionFailed,
  documentExpiry,
  negativeBalance,
  payoutReturned,
} from './sentences-papers.ts'

const zoneOf = createZones()

/** What was seen and what follows, or why the warning is over. */
export function sentenceOf(record: WarningRecord): string {
  const { reason, detector, atMs, zone } = record
  if (reason === 'resolved' || reason === 'retracted') return endSentence(record)
  const today = zoneOf(zone).dayOf(atMs)
  const say = SENTENCES[detector]
  return say === undefined ? unknown(record, today) : say(record, today)
}

/** What the merchant can do; undefined for the end of a warning. */
export function clearsSentence({ clears = [], reason }: WarningRecord): string | undefined {
  if (clears.length === 0 || reason === 'resolved' || reason === 'retracted') return undefined
  return `To clear it: ${either(clears.map((it) => REMEDIES[it] ?? it.replaceAll('-', ' ')))}.`
}

type Say = (record: WarningRecord, today: Day) => string

const SENTENCES: Readonly<Record<string, Say>> = {
  'terminal-inactivity': inactive,
  'merchant-inactivity': inactive,
  'never-activated': neverActivated,
  'pause-ending': pauseEnding,
  'fee-due-soon': feeDueSoon,
  'fee-overdue': feeOverdue,
  'fee-collection-failed': (record) => collectionFailed(record, fee(record)),
  'negative-balance': negativeBalance,
  'document-expiry': documentExpiry,
  'payout-returned': payoutReturned,
  'decline-burst-card': declineBurst,
  'volume-spike': volumeSpike,
  'network-rejected': networkRejected,
  'decline-ratio-spike': declineRatio,
  'card-testing': cardTesting,
  'repeat-card': repeatCard,
  'round-amount': roundAmount,
  'dormant-reactivation': dormantReactivation,
  'unmatched-refund': unmatchedRefund,
}

function inactive(record: WarningRecord, today: Day): string {
  const { subject, detector, consequenceOn } = record
  const isTerminal = detector === 'terminal-inactivity'
  const who = isTerminal ? `Terminal ${idOf(subject)}` : 'The merchant'
  const lastSale = seenDate(record, 'lastSaleOn')
  const since = lastSale ?? seenDate(record, 'activatedOn')
  const from = since === undefined ? 'for long' : `since ${dateText(since)}`
  const was = lastSale === undefined && since !== undefined ? ', when it was activated' : ''
  const seen = `${who} has taken no payment ${from}${was}.`
  if (consequenceOn === undefined) return seen
  const when = onText(consequenceOn, today)
  if (subject.endsWith(':stop')) {
    const end = isTerminal ? 'It will be shut down and taken back' : 'The account will be closed'
    return `${seen} ${end} ${when}.`
  }
  const isDue = consequenceOn <= today
  const then = isDue ? ': without it, payments may be stopped now' : ''
  return `${seen} Re-verification ${consequenceOn < today ? 'has been' : 'is'} due ${when}${then}.`
}

function neverActivated(record: WarningRecord, today: Day): string {
  const { subject, consequenceOn } = record
  const delivered = seenDate(record, 'deliveredOn')
  const on = delivered === undefined ? '' : ` on ${dateText(delivered)}`
  const seen = `Terminal ${idOf(subject)} was delivered${on} and has never been used.`
  if (consequenceOn === undefined) return seen
  return `${seen} Its time for activation ends ${onText(consequenceOn, today)}.`
}

function pauseEnding(record: WarningRecord, today: Day): string {
  const to = seenDate(record, 'pauseTo')
  const { consequenceOn } = record
  const ends = to === undefined ? 'The declared pause ends' : `The pause ends ${onText(to, today)}`
  if (consequenceOn === undefined) return `${ends}.`
  const from = dateText(consequenceOn)
  return `${ends}. Without payments from ${from} on, the account counts as inactive again.`
}

function feeDueSoon(record: WarningRecord, today: Day): string {
  const dueOn = seenDate(record, 'dueDate')
  const due = dueOn === undefined ? 'is due soon' : `is due ${onText(dueOn, today)}`
  const { consequenceOn } = record
  if (consequenceOn === undefined) return `${fee(record)} ${due}.`
  const then = dateText(consequenceOn)
  return `${fee(record)} ${due}. If it stays unpaid, payments may be stopped on ${then}.`
}

function feeOverdue(record: WarningRecord, today: Day): string {
  const { consequenceOn } = record
  const dueOn = seenDate(record, 'dueDate')
  const due = dueOn === undefined ? 'is overdue' : `was due on ${dateText(dueOn)} and is unpaid`
  if (consequenceOn === undefined) return `${fee(record)} ${due}.`
  return `${fee(record)} ${due}. Payments may be stopped ${onText(consequenceOn, today)}.`
}

/** `A terminal rental fee of 120.00 CNY (invoice I-7)`. */
function fee({ seen, subject }: WarningRecord): string {
  const { open, currency, feeType } = seen ?? {}
  const name = FEES[String(feeType)] ?? 'A fee'
  const of = typeof open === 'number' ? ` of ${amountText(open, String(currency))}` : ''
  return `${name}${of} (invoice ${idOf(subject)})`
}

function declineBurst({ value, window, stage }: WarningRecord): string {
  const minutes = window === undefined ? 0 : Math.round((window.toMs - window.fromMs) / 60_000)
  const within = minutes > 0 ? ` within ${minutes} minutes` : ''
  const seen = `One card was declined ${value ?? 'several'} times${within}.`
  if (stage === 'notice') return `${seen} For the operator to look at; nothing is decided.`
  const again = 'It is not the first such card of these hours'
  return `${seen} ${again}: the operator may ask about it or suspend the account.`
}

function volumeSpike({ value, unit, baseline, seen, stage }: WarningRecord): string {
  const currency = String(seen?.['currency'] ?? 'XXX')
  const isCounted = unit === 'sales'
  const figure = (it: number) => (isCounted ? it.toLocaleString('en') : amountText(it, currency))
  const what = isCounted ? `${figure(value ?? 0)} sales` : `Sales of ${figure(value ?? 0)}`
  const isWeek = seen?.['tradingDays'] !== undefined
  const isUsualKnown = baseline !== undefined && Number.isFinite(baseline)
  const perDay = isWeek ? ' a day' : ''
  const usual = isUsualKnown ? `, where ${figure(baseline)}${perDay} are usual` : ''
  const text = `${what} ${isWeek ? 'within seven days' : 'in one day'}${usual}.`
  if (stage === 'notice') return `${text} For the operator to look at; nothing is decided.`
  return `${text} The operator may ask for an explanation or suspend the account.`
}

function unknown(
  { detector, stage, consequence, consequenceOn }: WarningRecord,
  today: Day,
): string {
  const when = consequenceOn === undefined ? '' : ` ${onText(consequenceOn, today)}`
  return `${detector} has reached the stage ${stage}: ${consequence.replaceAll('-', ' ')}${when}.`
}

const FEES: Readonly<Record<string, string>> = {
  'monthly-minimum': 'A monthly minimum fee',
  'terminal-rental': 'A terminal rental fee',
  'sim-data': 'A mobile data fee',
  pci: 'A card security fee',
  chargeback: 'A chargeback fee',
  dormancy: 'A dormancy fee',
  deposit: 'A deposit',
  'early-termination': 'An early termination fee',
}

const REMEDIES: Readonly<Record<string, string>> = {
  're-verify': 'verify the business again',
  'mark-as-backup': 'mark the terminal as a backup',
  'declare-pause': 'declare a pause',
  'end-pause': 'end the pause early',
  cancel: 'cancel the contract',
  activate: 'activate the terminal',
  'return-terminal': 'return the terminal',
  sell: 'take payments again',
  pay: 'pay',
  dispute: 'dispute the invoice',
  'settle-balance': 'settle the balance',
  'renew-document': 'upload the new document',
  'mark-long-term': 'have the document recorded as long-term, if it has no end',
  'change-settlement-account': 'name a settlement account that takes payouts',
  'operator-checks-network': 'wait while the operator asks the network',
  'check-terminal': 'have the terminal checked',
  'secure-terminal': 'secure the terminal against strangers',
  'confirm-refunds': 'confirm that the refunds are yours',
  'stop-retrying': 'stop retrying the card',
  'other-means-of-payment': 'ask for another means of payment',
  'explain-transactions': 'explain the transactions',
  'normal-trade': 'return to normal trade',
}
