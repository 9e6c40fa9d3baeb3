/** The life of a warning in words: stages, reasons, and what is kept of one that is open. */
import type { Day, EpochMs } from './time.ts'

/** In ascending order. A stage is told at most once in an episode. */
export const STAGES = ['notice', 'warning', 'final-warning', 'consequence-due'] as const
export type Stage = (typeof STAGES)[number]

export type Reason = 'opened' | 'raised' | 'resolved' | 'retracted'
/** Why an episode whose words were true came to its end. */
export type Resolution = 'cleared' | 'reviewed' | 'superseded' | 'rolled-up' | 'policy-changed'
/** What the merchant stands to lose. */
export type Consequence =
  | 'suspension'
  | 'deregistration'
  | 'payout-hold'
  | 'cancellation-blocked'
  | 'outage'
  | 'none'
export type Audience = 'merchant' | 'operator'

export function isHigher(stage: Stage, than: Stage | undefined): boolean {
  return than === undefined || STAGES.indexOf(stage) > STAGES.indexOf(than)
}

/** What an account remembers of a warning that stands. */
export type OpenWarning = {
  stage: Stage
  /** `time` of the record that told this stage. */
  stageAtMs: EpochMs
  /** Facts of before this were known to it: an event that told it is one of them. Exclusive. */
  knownBeforeMs: EpochMs
  /** `time` of the episode's first record, and `source ⏎ id`, `timer` or `policy`: its name. */
  openedMs: EpochMs
  openedBy: string
  /** When it becomes another, the episode ends. */
  cause: string
  /** As last measured, where the cause can come again. */
  renewedMs?: EpochMs
  consequence: Consequence
  /** The local date the consequence begins, where one is computable. */
  consequenceOn: Day | undefined
  audience: readonly Audience[]
  terminalIds: readonly string[]
  /** Behaviour only: the local date of the hit that raised it to `warning`. */
  warnedOn: Day | undefined
}

/** One card payment or other fact that a warning rests on, masked. */
export type Evidence = Readonly<{
  eventId: string
  timeMs: EpochMs
  terminalId?: string
  amount?: number
  currency?: string
  responseCode?: string
  last4?: string
}>

/** `(fromMs, toMs]` in event time. */
export type Window = Readonly<{ fromMs: EpochMs; toMs: EpochMs }>

/** One stage change of one episode: what `account.warnings` carries, before it is worded. */
export type WarningRecord = Readonly<{
  tenant: string
  merchantId: string
  detector: string
  detectorVersion: number
  subject: string
  reason: Reason
  /** The stage reached; of an end, the stage last told. */
  stage: Stage
  resolution?: Resolution
  previousStage?: Stage
  openedMs: EpochMs
  openedBy: string
  /** The moment of the decision: a timer's own instant, or an event's arrival. */
  atMs: EpochMs
  /** `id` of the event that moved it. */
  causationId?: string
  /** Counts the account's records from 1. */
  sequence: number
  zone: string
  consequence: Consequence
  consequenceOn?: Day
  value?: number
  threshold?: number
  limit?: number
  unit?: string
  source: string
  k?: number
  n?: number
  baseline?: number
  historyDays?: number
  window?: Window
  seen?: Readonly<Record<string, string | number>>
  clears?: readonly string[]
  documents?: readonly string[]
  advice?: readonly string[]
  audience: readonly Audience[]
  terminalIds: readonly string[]
  evidence?: readonly Evidence[]
  profile: string
  policyHash: string
  /** Rests on something that did not happen: the record carries its proof of absence. */
  isAbsence: boolean
}>
