/** When merchants that fell silent on one date are many enough to look like an outage. */

export type SilenceLimits = Readonly<{
  /** A cohort has at least so many accounts. */
  accountsMin: number
  /** And more than this share of those that sold on that date or since. Exclusive. */
  shareOver: number
  /** A date is judged when it is over everywhere and so many whole days have passed. */
  afterDays: number
}>

/**
 * Ours: compared with nothing published. A month is past every usual holiday and before the first
 * stage of the inactivity clocks as shipped, which begins two months after the last sale.
 */
export const SILENCE_LIMITS: SilenceLimits = { accountsMin: 50, shareOver: 0.05, afterDays: 30 }
