/** Recounts negative-balance: days since the balance fell, by the time of what was told of it. */
import type { Place } from './civil.ts'
import type { Planned } from './planned.ts'
import { createTrack, endTrack, judgeTrack, STAGES } from './recount-track.ts'
import type { Clock, Moment, Tell, Track } from './recount-track.ts'

export type Balance = {
  readonly place: Place
  /** Minor units of one major unit. */
  readonly major: number
  readonly tell: Tell
  /** By time; those that neither start nor stop the clock are left out. */
  known: Readonly<{ ms: number; isBelow: boolean }>[]
  readonly track: Track
}

/** Dates after the one on which it fell. */
const STAGE_DAYS = [1, 7, 30]
const KNOWN_MAX = 48

export function createBalance(place: Place, major: number, tell: Tell): Balance {
  const track = createTrack('negative-balance', 'account')
  return { place, major, tell, known: [], track }
}

/** True when the clock may have moved. Every amount is in the account's currency. */
export function foldBalance({ known, major }: Balance, event: Planned): boolean {
  if (event.type !== 'balance.negative') return false
  const { balance } = event.data
  if (balance < 0 && balance >= -major) return false
  known.push({ ms: event.timeMs, isBelow: balance < 0 })
  known.sort((a, b) => a.ms - b.ms)
  if (known.length > KNOWN_MAX) known.shift()
  return true
}

export function judgeBalance(balance: Balance, moment: Moment): void {
  const clockBefore = (ms: number) => clockOf(balance, ms)
  const judged = { clock: clockBefore(Infinity), clockBefore }
  judgeTrack(balance.track, judged, moment, balance.tell)
}

export function endBalance({ track, tell }: Balance, atMs: number): void {
  endTrack(track, 'resolved', atMs, tell)
}

function clockOf({ place, known }: Balance, ms: number): Clock | undefined {
  let sinceMs: number | undefined
  for (const one of known) {
    if (one.ms >= ms) break
    sinceMs = one.isBelow ? (sinceMs ?? one.ms) : undefined
  }
  if (sinceMs === undefined) return undefined
  const since = place.dayAt(sinceMs)
  const steps = STAGE_DAYS.map((days, at) => ({
    stage: STAGES[at]!,
    atMs: place.startMs(since + days),
  }))
  return { cause: since, steps }
}
