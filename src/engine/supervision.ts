/** What an assigned partition is asked, and whom it tells. */
import type { LogReader, RawRecord } from '../core/ports.ts'
import type { EngineDeps } from './dependencies.ts'
import type { PartitionStatus } from './partition-status.ts'

export type Supervisor = Readonly<{
  batch: (records: readonly RawRecord[], nextOffset: number) => Promise<void>
  unreadable: (fromOffset: number, nextOffset: number, why: string) => Promise<void>
  /** The log ended by itself. */
  logEnded: () => void
  /** From the next batch boundary on by the fold of these. Nothing waits for it. */
  judgeBy: (deps: EngineDeps) => void
  /** Takes no more records; resolves when all that was folded is committed and relayed. */
  drain: () => Promise<void>
  /** The partition is another's now. Resolves when nothing of ours runs any more. */
  abandon: () => Promise<void>
  /** Stopped by an incident, or done with all that the run is to fold. */
  isDone: () => boolean
  /** Records wait, dependencies answer, and nothing was folded for this long; else 0. */
  stalledMs: () => number
  status: () => PartitionStatus
}>

export type SupervisorPorts = Readonly<{
  reader: Promise<LogReader>
  /** The partition's earlier supervisor in this process has let go. */
  after: Promise<void>
  onFatal: (error: unknown) => void
  /** `isDone` became true. */
  onDone: () => void
}>
