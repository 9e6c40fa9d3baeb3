/** One card declined again and again within minutes. */
import { z } from 'zod'
import type { Attempts } from '../core/attempts.ts'
import { cardsDeclined, declinesIn, evidenceOf, hasDeclines, windowEnds } from '../core/bursts.ts'
import { defineDetector, NONE } from '../core/detector.ts'
import type { Details, Measure } from '../core/detector.ts'
import { windowTo } from '../core/look.ts'
import { burstSpan, paneOf } from '../core/spans.ts'
import type { EpochMs } from '../core/time.ts'

const limits = z.strictObject({
  /** A machine span of an hour at most: what the ring of attempts holds. */
  span: burstSpan,
  declinesMin: z.int().min(2),
  /** Codes of a mistyped PIN or an empty account: with no other among them the operator alone is told. */
  operatorOnlyCodes: z.array(z.string().min(1)).readonly(),
})

export const declineBurstCard = defineDetector<z.infer<typeof limits>>({
  name: 'decline-burst-card',
  version: 1,
  kind: 'behaviour',
  on: ['attempts', 'lifecycle'],
  clears: ['stop-retrying', 'other-means-of-payment', 'explain-transactions'],
  documents: ['transaction-voucher'],
  advice: ['adv-train', 'adv-secure'],
  limits,

  measure({ attempts }, { event, eventMs, zone, again }, { span, declinesMin, operatorOnlyCodes }) {
    // A decline that happened is never taken back: its bursts need no second judgement.
    if (again !== undefined || event?.type !== 'card.authorisation') return NONE
    // Nearly always no card has enough of them to look closer.
    if (eventMs === undefined || !hasDeclines(attempts, eventMs - span, declinesMin)) return NONE
    // A late attempt may complete a burst that ends after it; one in time may find one that still holds.
    return windowEnds(attempts, eventMs, span).flatMap((endMs): Measure[] => {
      return cardsDeclined(attempts, endMs, span, declinesMin).map(({ card, declines }) => ({
        kind: 'level',
        subject: 'account',
        consequence: 'suspension',
        rule: 'B10m',
        window: { fromMs: endMs - span, toMs: endMs },
        on: zone.dayOf(endMs),
        isHit: true,
        key: card.toString(36),
        pane: paneOf(endMs),
        value: declines,
        limit: declinesMin,
        unit: 'declines',
        k: declines,
        details: () => detailsOf(attempts, endMs, span, card, operatorOnlyCodes),
      }))
    })
  },

  /** Of the card declined most. */
  look({ attempts }, { atMs }, { span, declinesMin: limit }) {
    const cards = cardsDeclined(attempts, atMs, span, 1)
    const value = Math.max(0, ...cards.map(({ declines }) => declines))
    const limits = [{ name: 'declinesMin', value, limit, unit: 'declines' }]
    return [{ rule: 'B10m', window: windowTo(atMs, span), isHit: value >= limit, limits }]
  },
})

/** Asked for where it is told. */
function detailsOf(
  attempts: Attempts,
  endMs: EpochMs,
  spanMs: number,
  card: number,
  operatorOnlyCodes: readonly string[],
): Details {
  const declines = declinesIn(attempts, endMs, spanMs).filter((it) => it.card === card)
  const isSoft = declines.every((it) => operatorOnlyCodes.includes(it.responseCode))
  return {
    audience: isSoft ? ['operator'] : ['merchant', 'operator'],
    terminalIds: [...new Set(declines.map(({ terminalId }) => terminalId))],
    seen: { codes: declines.map(({ responseCode }) => responseCode).join(' ') },
    evidence: evidenceOf(attempts, declines),
  }
}
