/** What a rule sees at an instant at which nothing happened: for people who ask, not for the fold. */
import type { EpochMs } from './time.ts'
import type { Stage, Window } from './warning.ts'

/** One limit of the policy and what is measured against it now. */
export type LimitNow = Readonly<{
  /** As in the policy, dots between nested keys: `hour.percentMin`. */
  name: string
  value: number
  limit: number
  unit: string
  /** The limit is the most that may be; otherwise the least that counts. */
  isMost?: true
}>

/** One way for a window to become a hit: all of its limits are reached, by the comparison of `measure`. */
export type Look = Readonly<{
  /** The window's name; several looks of one rule are alternatives. */
  rule: string
  window: Window
  isHit: boolean
  limits: readonly LimitNow[]
  /** Why it would not be told. */
  held?: string
  /** It would climb no higher than this. */
  stageMax?: Stage
  k?: number
  n?: number
  /** What is usual, in the unit of the first limit; of whom: the account itself or merchants alike. */
  baseline?: number
  baselineOf?: 'account' | 'cohort'
  /** Trading days that the baseline is made of, or would be. */
  historyDays?: number
  seen?: Readonly<Record<string, string | number>>
}>

/** `(atMs − spanMs, atMs]`. */
export function windowTo(atMs: EpochMs, spanMs: number): Window {
  return { fromMs: atMs - spanMs, toMs: atMs }
}

/** A share from 0 to 1 as people read it and limits compare it: whole basis points, rounded down. */
export function basisPoints(share: number): number {
  return Math.floor(share * 10_000)
}
