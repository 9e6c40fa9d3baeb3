/** All that is remembered of one merchant account: facts, the ledger, and what has been said. */
import type { Amounts } from './amount-rows.ts'
import type { Attempts } from './attempts.ts'
import type { CardsOfDay } from './cards-of-day.ts'
import { emptyDays } from './days.ts'
import type { Days } from './days.ts'
import type { Balance } from './balances.ts'
import type { Document } from './documents.ts'
import type { Invoice } from './invoices.ts'
import type { Payouts } from './payouts.ts'
import type { Panes } from './panes.ts'
import type { PauseFacts } from './pauses.ts'
import type { Policy, Profile } from './policy.ts'
import type { Reactivation, Usual } from './reactivation.ts'
import type { UnmatchedRefund } from './refunds.ts'
import type { SeenIds } from './seen-ids.ts'
import type { Terminal } from './terminals.ts'
import type { Day, EpochMs } from './time.ts'
import type { Waiting } from './waiting.ts'
import type { OpenWarning } from './warning.ts'
import { emptyAttempts } from './attempts.ts'
import { emptyPanes } from './panes.ts'
import { emptyPauses } from './pauses.ts'
import { emptyPayouts } from './payouts.ts'
import { emptySeenIds } from './seen-ids.ts'

/** What the operator, or the account's own history, says its state is. */
export type LifecycleState =
  | 'pending-activation'
  | 'active'
  | 'restricted'
  | 'suspended'
  | 'reinstating'
  | 'deregistration-scheduled'
  | 'closing'
  | 'deregistered'

/** What somebody told us. Lists are kept by event time, so that a told stage can be questioned. */
export type Facts = {
  mcc: string | undefined
  country: string | undefined
  zone: string | undefined
  /** Declared monthly turnover in minor units of `currency`. */
  scale: number | undefined
  migratedMs: EpochMs | undefined
  /** Event time of the last word on the profile: an older one only fills what is missing. */
  profileMs: EpochMs
  /** First seen on an amount: of the limits, where the profile names none. */
  currency: string | undefined
  lifecycle: LifecycleState
  /** Event time of the lifecycle's last change: an older one does not undo it. */
  lifecycleMs: EpochMs
  /** The last word on a cancellation: inactivity is not held against an account that is leaving. */
  cancellation: { atMs: EpochMs; isOpen: boolean }
  /** Earliest `terminal.activated`, and earliest activity: the burn-in counts from it. */
  activatedOn: Day | undefined
  firstActivityOn: Day | undefined
  terminals: Map<string, Terminal>
  pauses: PauseFacts
  /** Successful re-verifications: when told, and the date they restart the clock at. */
  verifications: { atMs: EpochMs; on: Day }[]
  invoices: Map<string, Invoice>
  balances: Balance[]
  documents: Map<string, Document>
  payouts: Payouts
  /** The last long silence that ended, and what was usual before it. */
  reactivation: Reactivation | undefined
  /** What was usual up to the last activity, once single days are forgotten. */
  usual: Usual | undefined
  /** The newest attempt that was forgotten: a late one is late all the same. 0: none. */
  newestAttemptMs: EpochMs
}

/** A judged window at which the rule held. */
export type Hit = {
  rule: string
  /** End of the window; its local date. */
  endMs: EpochMs
  on: Day
  key: string | undefined
  /** It reaches `warning` by its value alone. */
  isStrong: boolean
  previousOn: Day | undefined
  pane: number | undefined
  /** Of the same key, the first pane known with a hit, less than a day before `pane`. Absent: it is the only one. */
  firstPane?: number
  /** Length of the window: two that are that far apart share nothing. */
  spanMs: number
  /** When it was last judged to hold. */
  lastAtMs: EpochMs
}

/** What an account remembers of one detector and subject. */
export type Memory = {
  open: OpenWarning | undefined
  /** The newest 16, by window end; earlier episodes' hits count for persistence. */
  hits: Hit[]
  /** Next instant at which a stage starts or the episode may end. Infinity: none. */
  nextMs: EpochMs
  /** Reviewed and accepted: silent before this date. */
  silentUntil: Day | undefined
  /** Local dates `[from, to]` on which it stood at `warning`: left out of baselines. */
  stood: { from: Day; to: Day }[]
}

export type Account = {
  readonly tenant: string
  readonly merchantId: string
  facts: Facts
  seen: SeenIds
  attempts: Attempts
  waiting: Waiting[]
  panes: Panes
  days: Days
  cards: CardsOfDay[]
  amounts: Amounts
  refunds: UnmatchedRefund[]
  /** Event time of the newest approval given online; 0: none. */
  approvedMs: EpochMs
  /** By detector, then subject. */
  said: Map<string, Map<string, Memory>>
  /** Number of the last warning record. */
  sequence: number
  /** The earliest `nextMs` of all; undefined: one has changed, to be found again. Not encoded. */
  wakeMs: EpochMs | undefined
  /** Local date of its last sale, as `holding.ts` takes it; undefined: to be found again. Not encoded. */
  sold: { on: Day | undefined } | undefined
  /** When it has been quiet for long enough to forget single days. Infinity: nothing to forget. */
  idleMs: EpochMs
  /**
   * Clocks that have said nothing, as they were last written behind an instant; undefined: one may have moved.
   * Not encoded.
   */
  clocks: Readonly<{ afterMs: EpochMs; bytes: Uint8Array }> | undefined
  /** Days before this one, and ids known then, are in the stored *past*, the others in *now*. */
  pastTo: Day
  /** It is stored as one section. */
  isSmall: boolean
  /** Which profile judged it last, and by what it was chosen. Not encoded. */
  chosen:
    | { policy: Policy; country: string | undefined; mcc: string | undefined; profile: Profile }
    | undefined
  /** Sections that differ from their last encoding. */
  dirty: { now: boolean; past: boolean; facts: boolean }
}

export function lifecycleOf({ lifecycle, cancellation }: Facts): LifecycleState {
  return cancellation.isOpen && lifecycle !== 'deregistered' ? 'closing' : lifecycle
}

export function newAccount(tenant: string, merchantId: string): Account {
  return {
    tenant,
    merchantId,
    facts: {
      mcc: undefined,
      country: undefined,
      zone: undefined,
      scale: undefined,
      migratedMs: undefined,
      profileMs: 0,
      currency: undefined,
      lifecycle: 'pending-activation',
      lifecycleMs: -Infinity,
      cancellation: { atMs: -Infinity, isOpen: false },
      activatedOn: undefined,
      firstActivityOn: undefined,
      terminals: new Map(),
      pauses: emptyPauses(),
      verifications: [],
      invoices: new Map(),
      balances: [],
      documents: new Map(),
      payouts: emptyPayouts(),
      reactivation: undefined,
      usual: undefined,
      newestAttemptMs: 0,
    },
    seen: emptySeenIds(),
    attempts: emptyAttempts(),
    waiting: [],
    panes: emptyPanes(),
    days: emptyDays(),
    cards: [],
    amounts: [],
    refunds: [],
    approvedMs: 0,
    said: new Map(),
    sequence: 0,
    wakeMs: undefined,
    sold: undefined,
    idleMs: Infinity,
    clocks: undefined,
    pastTo: 0,
    isSmall: false,
    chosen: undefined,
    dirty: { now: false, past: false, facts: false },
  }
}

/** What is held of a local date changed: of a past one, another section too. */
export function dirtyDay({ dirty, pastTo }: Account, on: Day): void {
  dirty.now = true
  if (on < pastTo) dirty.past = true
}

/** The memory of a detector and subject, made when first asked for. */
export function memoryOf(account: Account, detector: string, subject: string): Memory {
  let subjects = account.said.get(detector)
  if (subjects === undefined) account.said.set(detector, (subjects = new Map()))
  let memory = subjects.get(subject)
  if (memory === undefined) {
    memory = { open: undefined, hits: [], nextMs: Infinity, silentUntil: undefined, stood: [] }
    subjects.set(subject, memory)
  }
  return memory
}

export function openWarning(
  account: Account,
  detector: string,
  subject: string,
): OpenWarning | undefined {
  return account.said.get(detector)?.get(subject)?.open
}

/** Any subject of the detector stands. */
export function hasOpen(account: Account, detector: string): boolean {
  const subjects = account.said.get(detector)
  if (subjects === undefined) return false
  for (const memory of subjects.values()) if (memory.open !== undefined) return true
  return false
}
