/** What each detector warns of, in a few words: it warns when … */

/** A detector without words of its own is told by its name. */
export function warnsOf(detector: string): string {
  return WORDS[detector] ?? detector.replaceAll('-', ' ')
}

const WORDS: Readonly<Record<string, string>> = {
  'terminal-inactivity': 'a terminal takes no payment while others do',
  'merchant-inactivity': 'the account as a whole takes no payment',
  'never-activated': 'a delivered terminal is not used',
  'pause-ending': 'a long declared pause ends',
  'fee-due-soon': 'an invoice is due',
  'fee-overdue': 'an invoice was not paid',
  'fee-collection-failed': 'a fee could not be collected',
  'negative-balance': 'the account owes money',
  'decline-burst-card': 'one card is declined again and again within minutes',
  'decline-ratio-spike': 'far more payments are declined than usual',
  'card-testing': 'many cards are tried with small amounts',
  'repeat-card': 'one card pays again and again',
  'round-amount': 'too many large sales are of round amounts',
  'dormant-reactivation': 'much is sold after a long silence',
  'unmatched-refund': 'refunds have no sale that they undo',
  'volume-spike': 'a day or a week has many times the usual sales',
  'document-expiry': 'a document expires',
  'network-rejected': 'a card network refused or ended the registration',
  'payout-returned': 'a payout came back',
}
