/** What an input changed in an account, as a set of words. A detector is asked when one of its own is in it. */

const WORDS = [
  'attempts',
  /** An approval given online, later than all before. */
  'approval',
  'sales',
  /** Sales of a large amount, and those tallied by card: see `counting.ts`. */
  'large-sales',
  'card-sales',
  /** Refunds without a sale. */
  'refunds',
  /** A terminal's first activity, or the date of its last moved back. */
  'activity',
  /** That date moved forwards: clocks start later. */
  'later-activity',
  'terminals',
  'backlog',
  'pauses',
  'verification',
  'invoices',
  'balances',
  'documents',
  'payouts',
  'lifecycle',
  'profile',
] as const
export type Change = (typeof WORDS)[number]

const BITS = Object.fromEntries(WORDS.map((word, bit) => [word, 2 ** bit])) as Record<
  Change,
  number
>

/** One bit a word: asked for every detector at every event. */
export function bitsOf(words: readonly Change[]): number {
  let bits = 0
  for (const word of words) bits |= BITS[word]
  return bits
}

export type Changes = { bits: number; add: (word: Change) => void }

export function noChanges(): Changes {
  return { bits: 0, add }
}

function add(this: Changes, word: Change): void {
  this.bits |= BITS[word]
}
