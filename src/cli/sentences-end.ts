/** Why a warning is over, in plain English. */
import type { Resolution, WarningRecord } from '../core/warning.ts'
import { idOf } from './sentence-parts.ts'

/** Of a record whose reason is `resolved` or `retracted`. */
export function endSentence(record: WarningRecord): string {
  const { reason, resolution = 'cleared' } = record
  const it = ENDS[record.detector] ?? { about: () => record.detector, clear: 'needs no more care' }
  const about = it.about(record)
  if (reason === 'retracted') {
    return `Taken back: what arrived late shows that the warning about ${about} was not called for.`
  }
  const subject = `${about.slice(0, 1).toUpperCase()}${about.slice(1)}`
  return resolution === 'cleared'
    ? `Over: ${about} ${it.clear}.`
    : `${subject}: ${WHY[resolution]}.`
}

type End = Readonly<{ about: (record: WarningRecord) => string; clear: string }>

const terminal = ({ subject }: WarningRecord): string => `terminal ${idOf(subject)}`
const invoice = ({ subject }: WarningRecord): string => `invoice ${idOf(subject)}`
const document = ({ subject }: WarningRecord): string => `document ${idOf(subject)}`
const payouts = ({ subject }: WarningRecord): string => {
  return subject.startsWith('payout:') ? 'payouts' : `payouts to ${idOf(subject)}`
}

const ENDS: Readonly<Record<string, End>> = {
  'terminal-inactivity': { about: terminal, clear: 'no longer counts as inactive' },
  'merchant-inactivity': { about: () => 'the merchant', clear: 'no longer counts as inactive' },
  'never-activated': { about: terminal, clear: 'no longer waits to be activated' },
  'pause-ending': { about: () => 'the pause', clear: 'needs no more attention' },
  'fee-due-soon': { about: invoice, clear: 'is settled, disputed or has another date' },
  'fee-overdue': { about: invoice, clear: 'is no longer overdue' },
  'fee-collection-failed': { about: invoice, clear: 'has nothing left to collect' },
  'negative-balance': { about: () => 'the balance', clear: 'is no longer below zero' },
  'document-expiry': { about: document, clear: 'is renewed, replaced or has another date' },
  'payout-returned': { about: payouts, clear: 'go through again' },
  'decline-burst-card': { about: () => 'the declined card', clear: 'was not followed by others' },
  'network-rejected': { about: () => 'the account', clear: 'is accepted by the network again' },
  'decline-ratio-spike': {
    about: () => 'the share of declined payments',
    clear: 'is back to what is usual',
  },
  'card-testing': { about: () => 'the cards tried out', clear: 'were not followed by others' },
  'repeat-card': { about: () => 'the card that paid again', clear: 'did not do so any more' },
  'round-amount': { about: () => 'large sales', clear: 'are no longer of so many round amounts' },
  'dormant-reactivation': {
    about: () => 'trade after the silence',
    clear: 'needs no more attention',
  },
  'unmatched-refund': { about: () => 'refunds without a sale', clear: 'did not come again' },
  'volume-spike': { about: () => 'trade', clear: 'is back to its usual volume' },
}

const WHY: Readonly<Record<Exclude<Resolution, 'cleared'>, string>> = {
  reviewed: 'the operator has accepted the explanation',
  superseded: 'another step has taken the place of this warning',
  'rolled-up': 'now part of the warning about the whole account',
  'policy-changed': 'the rules were changed and no longer ask for this',
}
