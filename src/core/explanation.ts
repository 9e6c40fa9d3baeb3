/** What `explain` tells of one account: plain data, the same for people, scripts and the page. */
import type { LifecycleState } from './account.ts'
import type { DetectorKind } from './detector.ts'
import type { Look } from './look.ts'
import type { LevelStep } from './policy.ts'
import type { Role } from './terminals.ts'
import type { Audience, Consequence, Stage } from './warning.ts'

/** Dates are `YYYY-MM-DD` in the account's zone, instants RFC 3339 in it. */
export type Explanation = Readonly<{
  tenant: string
  merchantId: string
  /** As of: nothing that arrived later is known. */
  at: string
  account: AccountNow
  policy: Readonly<{ profile: string; hash: string }>
  warnings: readonly OpenNow[]
  detectors: readonly DetectorNow[]
  suppressed: readonly Suppressed[]
}>

export type AccountNow = Readonly<{
  state: LifecycleState
  zone: string
  country?: string
  mcc?: string
  /** Of amounts in limits. */
  currency?: string
  activatedOn?: string
  firstActivityOn?: string
  /** Event time of the newest activity on any terminal. */
  lastActivityAt?: string
  terminals: readonly TerminalNow[]
  /** `end` is earlier than `to` where the pause was cut short. */
  pauses: readonly Readonly<{ from: string; to: string; end: string }>[]
}>

export type TerminalNow = Readonly<{
  terminalId: string
  role: Role
  /** False: retired, or replaced by another id. */
  isLive: boolean
  activatedAt?: string
  lastActivityAt?: string
  /** Its last heartbeat told of sales that are stored and not forwarded. */
  hasBacklog: boolean
}>

export type OpenNow = Readonly<{
  detector: string
  subject: string
  stage: Stage
  /** Of the record that told this stage, as in `account.warnings`. */
  warningId: string
  openedAt: string
  stageAt: string
  consequence: Consequence
  consequenceDate?: string
  source: string
  audience: readonly Audience[]
  terminalIds: readonly string[]
  seen?: Readonly<Record<string, string | number>>
  /** What the merchant or the operator can do to end it. */
  clears: readonly string[]
  /** Of a behaviour: the date at whose beginning it ends, if nothing more is found until then. */
  endsOnIfQuiet?: string
}>

export type DetectorNow = Readonly<{
  detector: string
  kind: DetectorKind
  /** Key of the source of its limits and ladders, in docs/detectors.md. */
  source: string
  state: 'armed' | 'silent' | 'off' | 'disarmed'
  /** Why it is off. */
  why?: 'closing' | 'deregistered'
  /** An explanation was accepted: before this date it says nothing. */
  silentUntil?: string
  clears: readonly string[]
  /** Of deadlines and facts. */
  clocks: readonly ClockNow[]
  /** Of behaviours. */
  windows: readonly WindowNow[]
  /** Windows that are remembered as hits: what persistence is counted from. */
  hits: readonly HitNow[]
  /** Of behaviours: what takes it to a stage that is not reached yet; any one step is enough. */
  climbs: readonly Readonly<{ stage: Stage; by: readonly LevelStep[] }>[]
}>

/** A date or a count that is running. */
export type ClockNow = Readonly<{
  subject: string
  kind: 'deadline' | 'fact'
  cause: string
  /** The date the days after the cause are counted from. */
  from?: string
  /** Whole local days since then, or how many. */
  value: number
  unit: string
  consequence: Consequence
  consequenceDate?: string
  /** The stage that stands. */
  stage?: Stage
  stages: readonly StageNow[]
  /** No stage changes for now, and why. */
  held?: string
  /** At the beginning of this date it ends by itself. */
  endsOn?: string
  seen?: Readonly<Record<string, string | number>>
  /** Ids of the events it rests on. */
  evidence: readonly string[]
  clears: readonly string[]
}>

export type StageNow = Readonly<{
  stage: Stage
  /** Days after the cause, or how many. */
  threshold: number
  on?: string
  /** Later than the beginning of `on` where it waits for stored sales. */
  at?: string
  /** `passed`: a higher one was told. `due`: reached, its timer has not fired. */
  state: 'passed' | 'told' | 'due' | 'next' | 'later' | 'held'
}>

/** A look, its instants as text. */
export type WindowNow = Omit<Look, 'window'> & Readonly<{ from: string; to: string }>

export type HitNow = Readonly<{
  rule: string
  on: string
  to: string
  /** It reached `warning` by its value alone, or by the company it was in. */
  isStrong: boolean
}>

export type Suppressed = Readonly<{
  /** Absent: all that judge the subject by itself. */
  detector?: string
  subject?: string
  /** As `burn-in`, `pause`, `disputed`, `under-review`, `blind`, `silent-together`, `backlog`, `role-backup`. */
  why: string
  until?: string
  /** Judgements held back, where the events were folded and not just the state read. */
  count?: number
}>
