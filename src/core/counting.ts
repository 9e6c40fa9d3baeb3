/** Which sales are counted beside the plain totals: the policy's limits say, and each sale is counted once. */
import { minorOf } from './money.ts'

/**
 * In major units. They hold for sales folded under the policy that names them: what was counted before is
 * not counted again when it changes.
 */
export type Counting = Readonly<{
  /** A sale of at least this is large … */
  largeMin?: string
  /** … and round where this divides it. */
  roundStep?: string
  /** Sales of at least this are tallied by card, of today and yesterday. */
  cardMin?: string
  /** Whole days from the last activity to a first sale that make a silence. */
  gapDays?: number
  /** After one, sales of this many times the percentile of what was usual are counted. */
  outlierMultiple?: number
  outlierPercent?: number
}>

/** A sale as a day's tally takes it. */
export function classOf(
  { largeMin, roundStep }: Counting,
  amount: number,
  currency: string,
): Readonly<{ large: number; round: number }> {
  if (largeMin === undefined || amount < minorOf(largeMin, currency)) return SMALL
  const step = roundStep === undefined ? 0 : minorOf(roundStep, currency)
  return step > 0 && amount % step === 0 ? ROUND : LARGE
}

const SMALL = { large: 0, round: 0 } as const
const LARGE = { large: 1, round: 0 } as const
const ROUND = { large: 1, round: 1 } as const
