/** What is explored: the log, the faults, how finely the steps are cut, and what is broken on purpose. */
import type { Faults } from './world.ts'

export type RecordPlan = Readonly<{
  account: 0 | 1
  /** Its fold says a warning at once. */
  warns: boolean
  /** Instant at which the account's timer is due, unless another record of it arrives before. */
  due?: number
}>

/** Slips that the exploration must find. */
export type Defect =
  | 'no compare'
  | 'compare without writer'
  | 'compare without version'
  | 'cursor ahead of the state'
  | 'no read-back'
  | 'no fence'
  | 'fence without a look at the epochs'
  | 'uncommitted entries are sent'
  | 'acknowledged when sent'
  | 'writer id used again'
  | 'mark set when sent'
  | 'mark set past what is not told again'
  | 'caught up before the output was opened'
  | 'wall clock without proof'
  | 'wall noted after the end'
  | 'reads not compared'
  | 'account and cursor read apart'

export type Settings = Readonly<{
  name: string
  log: readonly RecordPlan[]
  /** Records in the log at the beginning, all of instant 0. */
  appended: number
  /** Of the wall clock. */
  firstInstant: number
  lastInstant: number
  faults: Faults
  isZombie: boolean
  inFlightMax: number
  batchMax: number
  appendMax: number
  /** An id in the output that is of another input partition. */
  hasForeignId: boolean
  /** The fence in its three steps, not in one. */
  isFenceSplit: boolean
  /** Accounts are read when they are needed; otherwise when the life begins. */
  isLazy: boolean
  defect: Defect | undefined
}>

export const NO_FAULTS: Faults = {
  crash: 0,
  commit: 0,
  reorder: 0,
  produce: 0,
  rollback: 0,
  empty: 0,
}

const BASE: Omit<Settings, 'name'> = {
  log: [
    { account: 0, warns: false, due: 1 },
    { account: 1, warns: true },
  ],
  appended: 2,
  firstInstant: 0,
  lastInstant: 1,
  faults: NO_FAULTS,
  isZombie: true,
  inFlightMax: 2,
  batchMax: 1,
  appendMax: 2,
  hasForeignId: false,
  isFenceSplit: false,
  isLazy: false,
  defect: undefined,
}

export function settings(
  name: string,
  faults: Partial<Faults>,
  changes: Partial<Omit<Settings, 'name' | 'faults'>> = {},
): Settings {
  return { ...BASE, name, faults: { ...NO_FAULTS, ...faults }, ...changes }
}
