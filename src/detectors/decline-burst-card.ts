/** One card declined again and again within minutes. */
import { z } from 'zod'
import { attemptsIn, evidenceOf, windowEnds } from '../core/attempts.ts'
import type { Attempts } from '../core/attempts.ts'
import { defineDetector } from '../core/detector.ts'
import type { Measure } from '../core/detector.ts'
import { burstSpan, paneOf } from '../core/spans.ts'
import type { EpochMs } from '../core/time.ts'

const EVIDENCE_MAX = 20

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
    if (again !== undefined || event?.type !== 'card.authorisation') return []
    // A late attempt may complete a burst that ends after it; one in time may find one that still holds.
    if (eventMs === undefined || !hasDeclines(attempts, eventMs - span, declinesMin)) return []
    return windowEnds(attempts, eventMs, span).flatMap((endMs): Measure[] => {
      const declined = attemptsIn(attempts, endMs, span).filter(({ isApproved }) => !isApproved)
      const byCard = Map.groupBy(
        declined.filter((it) => it.card !== undefined),
        (it) => it.card,
      )
      return [...byCard].flatMap(([key = '', declines]): Measure[] => {
        if (declines.length < declinesMin) return []
        const isSoft = declines.every((it) => operatorOnlyCodes.includes(it.responseCode ?? ''))
        return [
          {
            kind: 'level',
            subject: 'account',
            consequence: 'suspension',
            rule: 'B10m',
            window: { fromMs: endMs - span, toMs: endMs },
            on: zone.dayOf(endMs),
            isHit: true,
            key,
            pane: paneOf(endMs),
            value: declines.length,
            limit: declinesMin,
            unit: 'declines',
            k: declines.length,
            audience: isSoft ? ['operator'] : ['merchant', 'operator'],
            terminalIds: [...new Set(declines.map(({ terminalId }) => terminalId))],
            seen: { codes: declines.map(({ responseCode }) => responseCode ?? '').join(' ') },
            evidence: declines.slice(-EVIDENCE_MAX).map(evidenceOf),
          },
        ]
      })
    })
  },
})

/** Nearly always no card has enough of them to look closer. */
function hasDeclines({ entries }: Attempts, afterMs: EpochMs, countMin: number): boolean {
  let counts: Map<string, number> | undefined
  for (let at = entries.length - 1; at >= 0 && entries[at]!.atMs > afterMs; at--) {
    const { isApproved, card } = entries[at]!
    if (isApproved || card === undefined) continue
    counts ??= new Map()
    const count = (counts.get(card) ?? 0) + 1
    if (count >= countMin) return true
    counts.set(card, count)
  }
  return false
}
