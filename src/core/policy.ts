/** What the operator decided: which detectors are armed, their limits and ladders, each with its source. */
import type { Armed } from './detector.ts'
import type { Stage } from './warning.ts'
import type { Zone } from './time.ts'

/** When a stage of a deadline begins. Negative: civil days before the due date; else days after the cause. */
export type DeadlineStep = Readonly<{ kind: 'before' | 'after'; days: number }>

/** How a behaviour reaches a stage. */
export type LevelStep =
  /** The rule holds. */
  | Readonly<{ kind: 'hit' }>
  /** The measured value, as a multiple of the base, is at least this. */
  | Readonly<{ kind: 'value'; min: number }>
  /** So many hits, this one counted, `per` distinct card or consecutive trading day. */
  | Readonly<{ kind: 'hits'; hits: number; per: 'card' | 'trading-day'; panes?: number }>

export type Ladder = Readonly<{
  [S in Stage]?: readonly (DeadlineStep | LevelStep)[]
}>

/** Mean daily figures of merchants alike, in major units; a row may lack a figure. */
export type Cohort = Readonly<{ count?: number; sum?: number }>

export type Profile = Readonly<{
  name: string
  /** First 12 hex digits of sha256 over the sorted-key JSON of the effective profile. */
  hash: string
  /** Of all amounts in limits. Absent: the account's first-seen currency. */
  currency: string | undefined
  /** Of accounts that never told theirs. */
  zone: string
  /** Armed detectors in judging order. */
  armed: readonly Armed[]
  /** By MCC and declared monthly scale in major units (undefined: not declared). */
  cohortOf: (mcc: string | undefined, monthlyScale: number | undefined) => Cohort | undefined
}>

/** Who an account is, as far as it decides which profile judges it. */
export type Selector = Readonly<{
  tenant: string
  country: string | undefined
  mcc: string | undefined
}>

export type Policy = Readonly<{
  /** A stage is written when the arrival clock has passed its instant by this. */
  graceMs: number
  profileOf: (who: Selector) => Profile
  zoneOf: (name: string) => Zone
}>
