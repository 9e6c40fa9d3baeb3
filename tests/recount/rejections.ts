/** network-rejected: the network refuses cards of several issuers, so it refuses the account. */
import type { Account } from './account.ts'
import { HOUR_MS } from './civil.ts'
import { stepNow, type Measure } from './measure.ts'
import { isAfterInRing, isAttempt, isDecline, ringOf, type RawEvent } from './raw.ts'
import { isReplacedInto } from './terminals.ts'

const CODES = ['03', '58', '97']
const WINDOW_MS = 30 * 60_000
const CARDS_MIN = 2
const ISSUERS_MIN = 2
const FRESH_MS = 24 * HOUR_MS

/** Remembers the attempts that complete a burst with the one just folded. */
export function judgeRejections({ events, rejections }: Account, attempt: RawEvent): void {
  if (!isRejection(attempt, events)) return
  const ring = ringOf(events)
  if (!ring.includes(attempt)) return
  const counted = ring.filter((entry) => isRejection(entry, events))
  const ends = counted.filter((entry) => {
    return entry === attempt || (isAfterInRing(entry, attempt) && entry.t - attempt.t < WINDOW_MS)
  })
  const completing = ends.filter(({ t }) => {
    return isBurst(counted.filter((entry) => entry.t > t - WINDOW_MS && entry.t <= t))
  })
  rejections.push(...completing.filter((entry) => !rejections.includes(entry)))
}

function isRejection(event: RawEvent, events: readonly RawEvent[]): boolean {
  const { responseCode = '', cardToken, issuerId, terminalId = '' } = event.data
  if (!isDecline(event) || !CODES.includes(responseCode)) return false
  if (cardToken === undefined || issuerId === undefined) return false
  const activatedMs = activatedBy(terminalId, events, event.t)
  return event.t - activatedMs > FRESH_MS
}

/** The latest activation up to an instant, of those it replaced too. */
function activatedBy(terminalId: string, events: readonly RawEvent[], untilMs: number): number {
  const own = events.filter(({ type, t, data }) => {
    return type === 'terminal.activated' && data.terminalId === terminalId && t <= untilMs
  })
  const inherited = events
    .filter((event) => isReplacedInto(terminalId, event) && event.t <= untilMs)
    .map(({ t, data }) => activatedBy(data.terminalId ?? '', events, t))
  return Math.max(-Infinity, ...own.map(({ t }) => t), ...inherited)
}

function isBurst(counted: readonly RawEvent[]): boolean {
  const cards = new Set(counted.map(({ data }) => data.cardToken))
  const issuers = new Set(counted.map(({ data }) => data.issuerId))
  return cards.size >= CARDS_MIN && issuers.size >= ISSUERS_MIN
}

/** From the bursts and the approvals among the events given. */
export function measureRejections(
  rejections: readonly RawEvent[],
  events: readonly RawEvent[],
): Measure[] {
  const given = new Set(events)
  const completedMs = rejections.filter((event) => given.has(event)).map(({ t }) => t)
  if (completedMs.length === 0) return []
  const approvedMs = events.filter(isOnlineApproval).map(({ t }) => t)
  const isOver = Math.max(-Infinity, ...approvedMs) > Math.max(...completedMs)
  const steps = [stepNow('final-warning')]
  return isOver ? [] : [{ detector: 'network-rejected', subject: 'account', cause: '', steps }]
}

function isOnlineApproval(event: RawEvent): boolean {
  return isAttempt(event) && event.data.approved === true && event.data.offline !== true
}
