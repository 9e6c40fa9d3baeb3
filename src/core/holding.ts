/** What a partition holds back of an account's absence: while it sees nothing, and while a cohort is silent. */
import type { Account } from './account.ts'
import { bitsOf } from './changes.ts'
import { absenceByMs, releaseMs } from './sight.ts'
import type { Sight } from './sight.ts'
import type { Silence } from './silence.ts'
import { lastActivity } from './terminals.ts'
import type { Day, EpochMs } from './time.ts'

export type Holding = Readonly<{ sight: Sight; silence: Silence }>

/** Nothing has to be asked about the account: nothing was ever held here. */
export function holdsNothing({ sight, silence }: Holding): boolean {
  return (
    sight.blindSinceMs === undefined && sight.spells.length === 0 && silence.cohorts.length === 0
  )
}

/** Local date of the last sale. Undefined: none, or it is deregistered and nobody waits for one. */
export function lastSaleOn(account: Account): Day | undefined {
  account.sold ??= { on: findLastSale(account) }
  return account.sold.on
}

/** What changed may be what `lastSaleOn` was found by. */
export const SOLD = bitsOf(['activity', 'later-activity', 'terminals', 'lifecycle'])

function findLastSale({ facts }: Account): Day | undefined {
  if (facts.lifecycle === 'deregistered') return undefined
  let on: Day | undefined
  for (const terminal of facts.terminals.values()) {
    const last = lastActivity(terminal, Infinity)
    if (last !== undefined && (on === undefined || last.on > on)) on = last.on
  }
  return on
}

/** When a judgement of absence that is due at an instant may be made: Infinity: not yet known. */
export function heldToMs(holding: Holding, soldOn: Day | undefined, dueMs: EpochMs): EpochMs {
  const { sight, silence } = holding
  for (let atMs = dueMs; ;) {
    const seenMs = releaseMs(sight, atMs)
    const cohort = silence.cohorts.find((it) => isWithin(it, soldOn, seenMs))
    if (cohort === undefined) return seenMs
    atMs = cohort.toMs
    if (atMs === Infinity) return atMs
  }
}

/** Absence may be judged up to here, as seen from an instant. Inclusive. */
export function knownToMs(holding: Holding, soldOn: Day | undefined, fromMs: EpochMs): EpochMs {
  const { sight, silence } = holding
  for (let atMs = fromMs; ;) {
    const seenMs = absenceByMs(sight, atMs)
    const cohort = silence.cohorts.find((it) => isWithin(it, soldOn, seenMs))
    if (cohort === undefined) return seenMs
    atMs = cohort.fromMs - 1
  }
}

function isWithin(
  { on, fromMs, toMs }: Silence['cohorts'][number],
  soldOn: Day | undefined,
  atMs: EpochMs,
): boolean {
  return on === soldOn && atMs >= fromMs && atMs < toMs
}
