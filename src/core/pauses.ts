/** Declared closures: what was declared and ended, kept as told, and the pauses that come of it. */
import { addMonths } from './time.ts'
import type { Day, EpochMs } from './time.ts'

const DECLARATIONS_MAX = 16
const BREAKS_KEPT = 3

export type PauseFacts = {
  /** In order of event time. */
  told: PauseFact[]
  /** By event time: dates with an activity inside a declared pause; the first one ends it. */
  breaks: { on: Day; atMs: EpochMs }[]
}

export type PauseFact =
  | { kind: 'declared'; atMs: EpochMs; from: Day; to: Day }
  | { kind: 'ended'; atMs: EpochMs; on: Day }

/** Both dates inclusive; `to` as declared, `end` as it came out: cut short when told so or by a sale. */
export type Pause = { from: Day; to: Day; end: Day; isCut: boolean }

export const emptyPauses = (): PauseFacts => ({ told: [], breaks: [] })

export function tellPause(facts: PauseFacts, fact: PauseFact): void {
  let place = facts.told.length
  while (place > 0 && facts.told[place - 1]!.atMs > fact.atMs) place--
  facts.told.splice(place, 0, fact)
  if (facts.told.length > DECLARATIONS_MAX) facts.told.shift()
}

/**
 * Ascending by `from`. A declaration that overlaps or adjoins an earlier one replaces its `to`. A pause
 * lasts `monthsMax` at most, and ends early when told so or on the date of an activity inside it.
 */
export function pausesOf(facts: PauseFacts, monthsMax: number, beforeMs: EpochMs): Pause[] {
  if (facts.told.length === 0) return []
  const pauses: Pause[] = []
  const breaks = facts.breaks.filter(({ atMs }) => atMs < beforeMs)
  let sold = 0
  for (const fact of facts.told) {
    if (fact.atMs >= beforeMs) break
    while (sold < breaks.length && breaks[sold]!.atMs < fact.atMs) {
      cutBy(pauses, breaks[sold++]!.on)
    }
    if (fact.kind === 'ended') endEarly(pauses, fact.on)
    else declare(pauses, fact, monthsMax, breaks.slice(0, sold))
  }
  for (const { on } of breaks.slice(sold)) cutBy(pauses, on)
  return pauses.sort((a, b) => a.from - b.from)
}

function declare(
  pauses: Pause[],
  { from, to }: { from: Day; to: Day },
  monthsMax: number,
  soldBefore: PauseFacts['breaks'],
): void {
  const touched = pauses.find((pause) => from <= pause.end + 1 && to >= pause.from - 1)
  const pause = touched ?? { from, to, end: to, isCut: false }
  if (touched === undefined) pauses.push(pause)
  pause.from = Math.min(pause.from, from)
  pause.to = to
  pause.end = Math.min(to, addMonths(pause.from, monthsMax))
  pause.isCut = false
  const inside = soldBefore.filter(({ on }) => from <= on && on <= pause.end).map(({ on }) => on)
  if (inside.length > 0) cut(pause, Math.min(...inside))
}

function cutBy(pauses: readonly Pause[], on: Day): void {
  const pause = pauses.find((it) => holds(it, on))
  if (pause !== undefined) cut(pause, on)
}

function endEarly(pauses: Pause[], on: Day): void {
  const running = pauses.find((pause) => holds(pause, on))
  if (running !== undefined) return cut(running, on)
  // Ended before it began: there never was one.
  const next = pauses.findIndex(({ from }) => from > on)
  if (next >= 0) pauses.splice(next, 1)
}

function cut(pause: Pause, on: Day): void {
  pause.end = on
  pause.isCut = true
}

export function holds(pause: Pause, day: Day): boolean {
  return pause.from <= day && day <= pause.end
}

/**
 * Notes an activity on this date, where it lies in a declared pause: the first few of each, for the first
 * may be voided. True: noted.
 */
export function breakPause(facts: PauseFacts, on: Day, atMs: EpochMs): boolean {
  const isWanted = facts.told.some((fact) => {
    if (fact.kind === 'ended' || on < fact.from || on > fact.to) return false
    const inside = facts.breaks.filter((it) => fact.from <= it.on && it.on <= fact.to)
    return inside.length < BREAKS_KEPT || inside.some((it) => on < it.on)
  })
  if (!isWanted) return false
  if (facts.breaks.some((known) => known.on === on && known.atMs <= atMs)) return false
  facts.breaks = facts.breaks.filter((known) => known.on !== on)
  facts.breaks.push({ on, atMs })
  facts.breaks.sort((a, b) => a.atMs - b.atMs)
  if (facts.breaks.length > DECLARATIONS_MAX) facts.breaks.shift()
  return true
}

/** The date has no activity after all: it was voided. */
export function mendPause(facts: PauseFacts, on: Day): boolean {
  const before = facts.breaks.length
  facts.breaks = facts.breaks.filter((known) => known.on !== on)
  return facts.breaks.length < before
}
