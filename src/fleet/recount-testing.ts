/** Recounts card-testing: in an hour, many cards refused for what a thief cannot know. */
import type { Place } from './civil.ts'
import { hourEnds, inHour, type Attempt } from './recount-declines.ts'
import { createWatch, lowerBound, weigh, type Watch } from './recount-watch.ts'
import type { Tell } from './recount-track.ts'

const CODES = new Set(['14', '15', '41', '43', '46', '54', '57', '59', '62', '63'])
const CARDS_MIN = 10
const ISSUERS_MIN = 3
const ATTEMPTS_MIN = 20
const SHARE_MIN = 0.2

export function createTesting(place: Place, tell: Tell): Watch {
  return createWatch('card-testing', { place, tell })
}

export function foldTesting(
  watch: Watch,
  ring: readonly Attempt[],
  attempt: Attempt,
  arriveMs: number,
): void {
  const verdicts = hourEnds(ring, attempt).map((endMs) => ({
    rule: 'hour',
    day: watch.place.dayAt(endMs),
    at: endMs,
    level: isTested(inHour(ring, endMs)) ? ('warning' as const) : undefined,
  }))
  weigh(watch, verdicts, arriveMs, attempt !== ring.at(-1))
}

function isTested(attempts: readonly Attempt[]): boolean {
  if (attempts.length < ATTEMPTS_MIN) return false
  const refused = attempts.filter(({ isDeclined, code }) => isDeclined && CODES.has(code))
  const cards = new Set(refused.flatMap(({ card }) => card ?? []))
  const issuers = new Set(refused.flatMap(({ issuer }) => issuer ?? []))
  if (cards.size < CARDS_MIN || issuers.size < ISSUERS_MIN) return false
  return lowerBound(refused.length, attempts.length) >= SHARE_MIN
}
