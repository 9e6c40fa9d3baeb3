/**
 * Whether a partition can see: a source that falls silent against its own habit makes its merchants look
 * idle. Computed from arrivals alone, so it is a function of the log.
 */
import { crowdOf, isCrowd, noteAccount } from './crowd.ts'
import type { Crowd } from './crowd.ts'
import { HOUR_MS, MINUTE_MS, NOMINAL_DAY_MS } from './time.ts'
import type { EpochMs } from './time.ts'

const HABIT_MS = 7 * NOMINAL_DAY_MS
const SILENCE_MS_MIN = 5 * MINUTE_MS
const SOURCES_MAX = 32
const SPELLS_MAX = 64
const LOOK_EVERY_MS = MINUTE_MS

export type Sight = {
  sources: Map<string, Source>
  /** Ended spells of blindness `[fromMs, toMs)`, the newest 64. */
  spells: { fromMs: EpochMs; toMs: EpochMs }[]
  blindSinceMs: EpochMs | undefined
  /** So many spells have ended, forgotten ones too. */
  ended: number
  /** As of the last look: the instant at which the partition goes blind unless a source speaks. */
  nextBlindMs: EpochMs
  lookedMs: EpochMs
}

type Source = {
  lastMs: EpochMs
  crowd: Crowd
  /** Gaps between arrivals, each longer than all after it. */
  gaps: { atMs: EpochMs; ms: number }[]
  /** Records by hour since 1970, ascending. */
  hours: { hour: number; records: number }[]
}

export const newSight = (): Sight => ({
  sources: new Map(),
  spells: [],
  blindSinceMs: undefined,
  ended: 0,
  nextBlindMs: Infinity,
  lookedMs: -Infinity,
})

/** Up to this instant nothing is known to be missing. Exclusive of the instant blindness begins. */
export function look(sight: Sight, atMs: EpochMs): void {
  if (sight.blindSinceMs !== undefined || atMs <= sight.nextBlindMs) return
  sight.nextBlindMs = nextBlindMs(sight, atMs)
  if (atMs > sight.nextBlindMs) sight.blindSinceMs = sight.nextBlindMs
}

/** A record of a source arrived. To be called in order of arrival, after `look` at the same instant. */
export function hear(sight: Sight, name: string, account: string, atMs: EpochMs): void {
  const source = sourceOf(sight, name)
  noteGap(source, atMs)
  source.lastMs = Math.max(source.lastMs, atMs)
  noteAccount(source.crowd, account, atMs)
  noteHour(source, Math.floor(atMs / HOUR_MS))
  if (sight.blindSinceMs !== undefined) {
    sight.nextBlindMs = nextBlindMs(sight, atMs)
    if (atMs <= sight.nextBlindMs) see(sight, atMs)
  } else if (atMs - sight.lookedMs >= LOOK_EVERY_MS) {
    sight.nextBlindMs = nextBlindMs(sight, atMs)
    sight.lookedMs = atMs
  }
}

function see(sight: Sight, atMs: EpochMs): void {
  const { blindSinceMs, spells } = sight
  if (blindSinceMs === undefined) return
  spells.push({ fromMs: blindSinceMs, toMs: atMs })
  if (spells.length > SPELLS_MAX) spells.shift()
  sight.blindSinceMs = undefined
  sight.ended++
}

/** When a judgement of absence that is due at an instant may be made: then, or when sight returns. */
export function releaseMs({ spells, blindSinceMs = Infinity }: Sight, dueMs: EpochMs): EpochMs {
  if (dueMs >= blindSinceMs) return Infinity
  for (let at = spells.length - 1; at >= 0 && dueMs < spells[at]!.toMs; at--) {
    if (dueMs >= spells[at]!.fromMs) return spells[at]!.toMs
  }
  return dueMs
}

/** Absence may be judged up to here, as seen from an instant. Inclusive. */
export function absenceByMs({ spells, blindSinceMs = Infinity }: Sight, atMs: EpochMs): EpochMs {
  if (atMs >= blindSinceMs) return blindSinceMs - 1
  for (let at = spells.length - 1; at >= 0 && atMs < spells[at]!.toMs; at--) {
    if (atMs >= spells[at]!.fromMs) return spells[at]!.fromMs - 1
  }
  return atMs
}

/** Sources that carried more than half of the records must be silent. */
function nextBlindMs({ sources }: Sight, atMs: EpochMs): EpochMs {
  let total = 0
  const silences: { fromMs: EpochMs; records: number }[] = []
  for (const source of sources.values()) {
    const records = recordsOf(source, atMs)
    total += records
    const silence = { fromMs: source.lastMs + patienceMs(source, atMs), records }
    if (records > 0 && isCrowd(source.crowd, atMs - HABIT_MS)) silences.push(silence)
  }
  silences.sort((a, b) => a.fromMs - b.fromMs)
  let silent = 0
  for (const { fromMs, records } of silences) {
    silent += records
    if (silent * 2 > total) return fromMs
  }
  return Infinity
}

function patienceMs({ gaps }: Source, atMs: EpochMs): number {
  while (gaps.length > 0 && gaps[0]!.atMs <= atMs - HABIT_MS) gaps.shift()
  return Math.max(SILENCE_MS_MIN, 2 * (gaps[0]?.ms ?? 0))
}

function recordsOf({ hours }: Source, atMs: EpochMs): number {
  const oldest = Math.floor((atMs - HABIT_MS) / HOUR_MS)
  while (hours.length > 0 && hours[0]!.hour <= oldest) hours.shift()
  let records = 0
  for (const it of hours) records += it.records
  return records
}

function sourceOf({ sources }: Sight, name: string): Source {
  let source = sources.get(name)
  if (source !== undefined) return source
  source = { lastMs: -Infinity, crowd: crowdOf([]), gaps: [], hours: [] }
  sources.set(name, source)
  if (sources.size > SOURCES_MAX) {
    const [quietest] = [...sources].sort(([, a], [, b]) => a.lastMs - b.lastMs).find(isOther) ?? []
    if (quietest !== undefined) sources.delete(quietest)
  }
  return source

  function isOther([other]: [string, Source]): boolean {
    return other !== name
  }
}

function noteGap({ gaps, lastMs }: Source, atMs: EpochMs): void {
  const ms = atMs - lastMs
  if (lastMs === -Infinity || ms <= 0) return
  while (gaps.length > 0 && gaps.at(-1)!.ms <= ms) gaps.pop()
  gaps.push({ atMs, ms })
}

function noteHour({ hours }: Source, hour: number): void {
  const last = hours.at(-1)
  if (last !== undefined && last.hour >= hour) last.records++
  else hours.push({ hour, records: 1 })
}
