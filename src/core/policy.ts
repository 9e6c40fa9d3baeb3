/** What the operator decided: which detectors are armed, their limits and ladders, each with its source. */
import type { Counting } from './counting.ts'
import type { Armed } from './detector.ts'
import type { Stage } from './warning.ts'
import type { SilenceLimits } from './silence-limits.ts'
import type { Zone } from './time.ts'

/** When a stage of a deadline begins: civil days before the due date, or after the cause. */
export type DeadlineStep = Readonly<{ kind: 'before' | 'after'; days: number }>

/** When a stage of a fact begins: with so many. */
export type CountStep = Readonly<{ kind: 'count'; count: number }>

/** How a behaviour reaches a stage. */
export type LevelStep =
  /** The rule holds. */
  | Readonly<{ kind: 'hit' }>
  /** The measured value, as a multiple of the base, is at least this. */
  | Readonly<{ kind: 'value'; min: number }>
  /** Hits of so many cards, each card's latest within so many panes. */
  | Readonly<{ kind: 'hits'; hits: number; per: 'card'; panes?: number }>
  /** This trading day and the one before. */
  | Readonly<{ kind: 'hits'; hits: number; per: 'trading-day' }>
  /** So many local dates with a hit, among those that end with this one's. */
  | Readonly<{ kind: 'hits'; hits: number; per: 'day'; days: number }>
  /** This window and one that shares nothing with it, no further apart than this. */
  | Readonly<{ kind: 'hits'; hits: number; per: 'window'; rule: string; withinMs: number }>
  /** Another behaviour detector's warning is open, of those not excepted. */
  | Readonly<{ kind: 'amid'; except: readonly string[] }>

export type Ladder = Readonly<{
  [S in Stage]?: readonly (DeadlineStep | CountStep | LevelStep)[]
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
  /** The rest: what they said before they were disarmed is ended in their name. */
  disarmed: readonly Armed[]
  /** What its detectors want counted of sales. */
  counting: Counting
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
  /** Of all that decides a judgement: profiles, whom they select, defaults, detectors, grace. */
  hash: string
  /** A stage is written when the arrival clock has passed its instant by this. */
  graceMs: number
  /** When merchants that fell silent on one date are a cohort. Absent: the defaults. */
  silence?: SilenceLimits
  profileOf: (who: Selector) => Profile
  zoneOf: (name: string) => Zone
}>
