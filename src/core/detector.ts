/** What a detector is: it measures. How bad a measure is, the ladder in the policy says. */
import type { z } from 'zod'
import type { TerminalEvent } from '../events/event.ts'
import type { Account } from './account.ts'
import { bitsOf } from './changes.ts'
import type { Change } from './changes.ts'
import type { Counting } from './counting.ts'
import type { Look } from './look.ts'
import type { Ladder, Profile } from './policy.ts'
import type { Day, EpochMs, Zone } from './time.ts'
import type { Audience, Consequence, Evidence, Resolution, Stage, Window } from './warning.ts'

/** An event as folded, or an instant at which nothing had happened. */
export type Moment = Readonly<{
  /** Dates the record. */
  atMs: EpochMs
  /** Stages that begin later than this are left to their own instants. Inclusive. */
  dueByMs: EpochMs
  /** Local date of `atMs`. */
  today: Day
  zone: Zone
  profile: Profile
  /** Only facts that happened before this are to be taken: `Infinity` at the fold, less when a told
   *  stage is questioned afterwards. Exclusive. */
  knownBeforeMs: EpochMs
  event?: TerminalEvent
  /** Event time of `event`, clamped. */
  eventMs?: EpochMs
  /** Local date whose sales the event changed. */
  touchedOn?: Day | undefined
  /** A void, a reversal, a late refund, or a sale of an earlier date: what was told may have been wrong. */
  isRevision?: boolean
  /** The attempt came after others that are later by time. */
  isOvertaken?: boolean
  /** Only windows that end on these local dates are asked for: an episode's hits, judged again. */
  again?: readonly Day[]
  /** Local date that has just ended: this is its close. */
  closed?: Day
}>

type About = Readonly<{
  /** As in `account`, `terminal:T2:reverify`, `invoice:…`: one open warning per detector and subject. */
  subject: string
  consequence: Consequence
  terminalIds?: readonly string[]
  /** Values for the wording, by name. No sentences. */
  seen?: Readonly<Record<string, string | number>>
  /** Where it is not what the detector declares. */
  clears?: readonly string[]
  audience?: readonly Audience[]
}>

/** What stands as long as its cause does. */
type Caused = About &
  Readonly<{
    /** Which ladder of the policy, where the detector has several. */
    ladder?: string
    /** When it becomes another, the episode ends and a new one begins. */
    cause: string
    /** The newest of its kind while it stands: what answers only those before it does not end it. */
    renewedMs?: EpochMs
    /** At the first instant of this date it ends by itself, as cleared or as said. */
    endsOn?: Day
    endsAs?: Resolution
    /** No higher than this. */
    stageMax?: Stage
    /** Why no stage changes for now, where it is so. */
    held?: string
    /** `consequence-due` is not held beyond this instant: it is told then, if its date has come. */
    consequenceHeldToMs?: EpochMs
    /** Where they are not those that the detector declares. */
    documents?: readonly string[]
    window?: Window
    evidence?: readonly Evidence[]
  }>

/** A date and a cause; stages are counted from either. */
export type Deadline = Caused &
  Readonly<{
    kind: 'deadline'
    /** The date the ladder's steps after are counted from. */
    from: Day
    /** The date its steps before are counted to. Absent: there is no such date, and no consequence has one. */
    due?: Day
    /** The date of the consequence and of `consequence-due`, where it is another than `due`. */
    consequenceOn?: Day
    /** Local dates `[from, to)` that do not count towards steps after the cause. */
    uncounted?: readonly Readonly<{ from: Day; to: Day }>[]
    /** A stage whose date comes waits: forwarded sales may be stored in a terminal. */
    wait?: Readonly<{
      /** So many civil days at most. */
      days: number
      /** An activity has arrived since: stages dated up to then wait no longer. */
      releasedMs: EpochMs
    }>
  }>

/** Something happened, so many times; stages are steps of that number. It climbs by no date. */
export type Fact = Caused &
  Readonly<{
    kind: 'fact'
    /** At least 1: of nothing there is no measure. */
    count: number
    /** What is counted, in the plural. */
    unit: string
  }>

export type Lasting = Deadline | Fact

/** What only the wording needs: made when there is something to tell. */
export type Details = Readonly<{
  audience?: readonly Audience[]
  terminalIds?: readonly string[]
  seen?: Readonly<Record<string, string | number>>
  evidence?: readonly Evidence[]
}>

/** One window judged, whether or not the rule holds: a late event may take back an earlier hit. */
export type Level = About &
  Readonly<{
    kind: 'level'
    /** The window's name, as in `B10m`, `LD`, `D7`. */
    rule: string
    window: Window
    /** Local date of the window's end. */
    on: Day
    isHit: boolean
    /** What tells hits of one window apart, as a card does. */
    key?: string
    /** Of the hits of one key: the latest, unless it says otherwise. */
    keeps?: 'first' | 'last'
    /** In place of the members of the same names. */
    details?: () => Details
    /** As a multiple of the base, exact where `ladder` steps compare it: undefined without a base. */
    multipleAtLeast?: (min: number) => boolean
    /** Local date of the trading day before. */
    previousOn?: Day
    /** Why it may not be told, burn-in or a pause: counted, and no hit. */
    held?: string
    /** 5-minute pane of the window's end. */
    pane?: number
    value: number
    limit: number
    unit: string
    k?: number
    n?: number
    baseline?: number
    historyDays?: number
    stageMax?: Stage
    evidence?: readonly Evidence[]
  }>

/** The subject's warning is over, and why; without one it ends as cleared. */
export type Over = Readonly<{ kind: 'over'; subject: string; resolution: Resolution }>

export type Measure = Lasting | Level | Over

/** Nothing to say: the usual answer, so it is made once. */
export const NONE: readonly Measure[] = []

export type DetectorKind = 'deadline' | 'fact' | 'behaviour'

/** What every detector declares, whatever its limits. */
type Declared = Readonly<{
  /** File name, configuration key, metric label and part of every warning id. */
  name: string
  /** Raised when the meaning of the measure changes. */
  version: number
  /** Of its measures: those of a behaviour are windows. */
  kind: DetectorKind
  /** Rests on something that did not happen: waits while the partition is blind. */
  isAbsence?: boolean
  /** Off, its open warnings superseded, while a cancellation is open. */
  isOffWhileClosing?: boolean
  /** Another detector, earlier in the list, whose opening and ending changes its answer. */
  follows?: string
  /** What can change its answer, its own due instants apart. */
  on: readonly Change[]
  /**
   * What only makes its dates later: of no interest while nothing is told, for the instant it waits for comes
   * first, and it looks again then.
   */
  onOnceTold?: readonly Change[]
  /** Ladder names, where it has several clocks. */
  ladders?: readonly string[]
  clears: readonly string[]
  documents: readonly string[]
  advice: readonly string[]
  /** Of attempts, of which a late one may be approved: then what was told of the share was wrong. */
  isShare?: boolean
  /** Windows that clear when their rule is false at a day close; all others by two days without a hit. */
  ruleWindows?: readonly string[]
}>

export type Detector<Limits> = Declared &
  Readonly<{
    limits: z.ZodType<Limits>
    /** May read everything and changes nothing. */
    measure: (account: Account, moment: Moment, limits: Limits) => readonly Measure[]
    /** Its windows as of the moment, hit or not; behaviours only, and only when somebody asks. */
    look?: (account: Account, moment: Moment, limits: Limits) => readonly Look[]
    /** What sales must be counted by for it, where plain totals are not enough. */
    counting?: (limits: Limits) => Counting
  }>

/** A detector with the operator's limits: what `judge` runs. */
export type Armed = Declared &
  Readonly<{
    ladderOf: (name: string | undefined) => Ladder
    /** Key of the limit's source. */
    source: string
    counting: Counting
    /** `on`, as bits: asked at every event. */
    onBits: number
    onceToldBits: number
    measure: (account: Account, moment: Moment) => readonly Measure[]
    look: (account: Account, moment: Moment) => readonly Look[]
  }>

/** What the list holds: a detector whose limits only its own schema knows. */
export type AnyDetector = Declared &
  Readonly<{
    limits: z.ZodType
    /** Raises the schema's error for limits that are not its own. */
    arm: (limits: unknown, ladders: Readonly<Record<string, Ladder>>, source: string) => Armed
  }>

/** The one ladder of a detector that has one clock. */
export const ONLY_LADDER = 'ladder'

export function defineDetector<Limits>(detector: Detector<Limits>): AnyDetector {
  const { limits: schema, measure, look, counting, ...declared } = detector
  function arm(given: unknown, ladders: Readonly<Record<string, Ladder>>, source: string): Armed {
    const limits = schema.parse(given)
    return {
      ...declared,
      source,
      counting: counting?.(limits) ?? {},
      onBits: bitsOf(declared.on),
      onceToldBits: bitsOf(declared.onOnceTold ?? []),
      ladderOf: (name = ONLY_LADDER) => ladders[name] ?? {},
      measure: (account, moment) => measure(account, moment, limits),
      look: (account, moment) => look?.(account, moment, limits) ?? [],
    }
  }
  return { ...declared, limits: schema, arm }
}
