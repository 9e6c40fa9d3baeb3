/**
 * Merchants that fell silent together. Accounts whose last sale lies on the same local date reach their
 * inactivity stages on the same dates: if they are many, something between them and us is more likely
 * broken than all of their businesses. Counted by arrivals alone, so it is a function of the log.
 */
import type { SilenceLimits } from './silence-limits.ts'
import { dayText, NOMINAL_DAY_MS } from './time.ts'
import type { Day, EpochMs } from './time.ts'

const COHORTS_MAX = 64

type Cohort = {
  /** Local date of the last sale of all in it. */
  readonly on: Day
  /** How many they were when it was found. */
  readonly accounts: number
  /** Stages of absence due in `[fromMs, toMs)` are told at `toMs`. Infinity: it is silent still. */
  readonly fromMs: EpochMs
  toMs: EpochMs
}

/** As told to operators. */
export type SilentCohort = Readonly<{ name: string; accounts: number; sinceMs: EpochMs }>

export type Silence = {
  /** Accounts by the local date of their last sale, of dates not yet judged and of silent cohorts. */
  quiet: Map<Day, number>
  /** Dates before this one were judged. */
  judgedTo: Day
  /** In the order in which they were found, the newest 64. */
  cohorts: Cohort[]
  /** So many silences have ended, forgotten ones too. */
  ended: number
}

export const newSilence = (): Silence => ({
  quiet: new Map(),
  judgedTo: -Infinity,
  cohorts: [],
  ended: 0,
})

/** Judges the dates whose turn has come. To be called in order of arrival, before `noteSale`. */
export function judgeDates(silence: Silence, atMs: EpochMs, limits: SilenceLimits): void {
  // A local date begins 14 hours before the one in UTC at most, and ends 12 hours after it.
  const judgedTo = Math.floor(atMs / NOMINAL_DAY_MS) - limits.afterDays - 1
  if (judgedTo <= silence.judgedTo) return
  const { quiet } = silence
  const dates = [...quiet.keys()].sort((a, b) => a - b)
  for (const on of dates) {
    if (on < silence.judgedTo) continue
    if (on >= judgedTo) break
    const accounts = quiet.get(on) ?? 0
    const live = soldSince(quiet, on)
    if (accounts >= limits.accountsMin && accounts > limits.shareOver * live) {
      const fromMs = (on + limits.afterDays + 2) * NOMINAL_DAY_MS
      keep(silence, { on, accounts, fromMs, toMs: Infinity })
    } else quiet.delete(on)
  }
  silence.judgedTo = judgedTo
}

function soldSince(quiet: ReadonlyMap<Day, number>, on: Day): number {
  let accounts = 0
  for (const [day, count] of quiet) if (day >= on) accounts += count
  return accounts
}

function keep({ cohorts, quiet }: Silence, cohort: Cohort): void {
  cohorts.push(cohort)
  if (cohorts.length <= COHORTS_MAX) return
  const ended = cohorts.findIndex(({ toMs }) => toMs !== Infinity)
  const [gone] = cohorts.splice(Math.max(0, ended), 1)
  if (gone?.toMs === Infinity) quiet.delete(gone.on)
}

/**
 * The local date of an account's last sale is another than before; undefined: it has none, or is
 * deregistered. A cohort's silence ends when half of it was heard again. True: it was in a silent one.
 */
export function noteSale(
  silence: Silence,
  before: Day | undefined,
  after: Day | undefined,
  atMs: EpochMs,
): boolean {
  if (before === after) return false
  const { quiet, judgedTo } = silence
  if (after !== undefined && (after >= judgedTo || quiet.has(after))) {
    quiet.set(after, (quiet.get(after) ?? 0) + 1)
  }
  const count = before === undefined ? undefined : quiet.get(before)
  if (before === undefined || count === undefined) return false
  if (count > 1) quiet.set(before, count - 1)
  else quiet.delete(before)
  const cohort = silence.cohorts.find((it) => isSilent(it) && it.on === before)
  if (cohort === undefined) return false
  if (2 * (count - 1) <= cohort.accounts) end(silence, cohort, atMs)
  return true
}

/** Somebody says that all is well: an incident of a silence's name was closed. */
export function endSilence(silence: Silence, name: string, atMs: EpochMs): void {
  const cohort = silence.cohorts.find((it) => isSilent(it) && nameOf(it) === name)
  if (cohort !== undefined) end(silence, cohort, atMs)
}

function end(silence: Silence, cohort: Cohort, atMs: EpochMs): void {
  cohort.toMs = atMs
  silence.quiet.delete(cohort.on)
  silence.ended++
}

/** Those that wait for their end, by the name that ends them. */
export function silentCohorts({ cohorts }: Silence): SilentCohort[] {
  return cohorts.filter(isSilent).map((it) => {
    return { name: nameOf(it), accounts: it.accounts, sinceMs: it.fromMs }
  })
}

/** Those who sold last on this local date fell silent together, and are silent still. */
export function isSilentDate({ cohorts }: Silence, on: Day | undefined): boolean {
  return cohorts.some((it) => isSilent(it) && it.on === on)
}

const isSilent = ({ toMs }: Cohort) => toMs === Infinity
const nameOf = ({ on }: Cohort) => `absence-wave:${dayText(on)}`
