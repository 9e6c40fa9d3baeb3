/** What the status page and its JSON show, gathered for one request. */
import type { PartitionPhase } from '../core/observer.ts'
import type { EpochMs } from '../core/time.ts'
import type { Health } from './probes.ts'
import type { RecentWarnings, Totals, WarningView } from './recent-warnings.ts'

/** As the engine tells it; positions are offsets of the input topic. */
export type PartitionView = Readonly<{
  partition: number
  phase: PartitionPhase
  position: number | undefined
  end: number | undefined
  clockMs: EpochMs | undefined
  lagRecords: number | undefined
  outbox: number
  waitsFor: readonly string[]
  /** Merchants that fell silent together, by the incident whose end lets them be judged. */
  silences?: readonly Readonly<{ name: string; accounts: number; sinceMs: EpochMs }>[]
  /** Hash of the policy that its accounts were judged by last. */
  policy: string | undefined
  incident:
    | Readonly<{
        kind: string
        fromOffset: number
        toOffset: number
        message: string
        atMs: EpochMs
      }>
    | undefined
  /** Incidents that somebody went on in spite of, the latest last; of what lies in `[fromOffset, toOffset)` nothing is known. */
  accepted?: readonly AcceptedView[]
}>

export type AcceptedView = Readonly<{
  kind: string
  fromOffset: number
  toOffset: number
  /** Where reading went on. */
  continuedAt: number
  by: string
  atMs: EpochMs
}>

/** The last time that somebody asked for it. */
export type ReloadView = Readonly<{
  atMs: EpochMs
  isOk: boolean
  /** What is wrong, with file and line: the policy before it goes on. */
  problems: readonly string[]
  /** Settings that differ in the file and wait for the next start. */
  needsRestart: readonly string[]
}>

export type StatusSources = Readonly<{
  version: string
  /** Of the input. */
  topic: string
  /** The profiles loaded, each with the hash that its warnings carry. */
  policy: () => readonly Readonly<{ profile: string; hash: string }>[]
  /** Undefined: nobody has asked. */
  reload: () => ReloadView | undefined
  startedMs: EpochMs
  nowMs: () => EpochMs
  partitions: () => readonly PartitionView[]
  ready: () => Health
  recent: RecentWarnings
}>

export type Status = Readonly<{
  version: string
  topic: string
  policy: readonly Readonly<{ profile: string; hash: string }>[]
  reload: ReloadView | undefined
  startedMs: EpochMs
  nowMs: EpochMs
  ready: Health
  partitions: readonly PartitionView[]
  totals: Totals
  /** Newest first. */
  warnings: readonly WarningView[]
}>

export function statusNow(sources: StatusSources): Status {
  const { version, topic, startedMs, recent } = sources
  return {
    ...{ version, topic, startedMs },
    policy: sources.policy(),
    reload: sources.reload(),
    nowMs: sources.nowMs(),
    ready: sources.ready(),
    partitions: sources.partitions(),
    totals: recent.totals(),
    warnings: recent.newest(),
  }
}
