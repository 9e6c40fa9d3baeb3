/** Many cards declined within an hour for reasons that a list of stolen numbers has, not a queue of customers. */
import { z } from 'zod'
import type { Attempt, Attempts } from '../core/attempts.ts'
import { countIn, declinesIn, evidenceOf, isTooLate, windowEnds } from '../core/bursts.ts'
import { defineDetector, NONE } from '../core/detector.ts'
import type { Details, Measure } from '../core/detector.ts'
import { basisPoints, windowTo } from '../core/look.ts'
import { currencyOf, majorAmount, minorOf } from '../core/money.ts'
import { firstAndLast, isToTakeBack } from '../core/slots.ts'
import { burstSpan } from '../core/spans.ts'
import { HOUR_MS } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'
import { wilsonLow } from '../core/wilson.ts'

const limits = z.strictObject({
  span: burstSpan,
  /** Distinct cards among the declines. */
  cardsMin: z.int().min(2),
  issuersMin: z.int().positive(),
  attemptsMin: z.int().positive(),
  /** Lower end of the interval of the share of such declines among all attempts. */
  sharePercentMin: z.int().min(1).max(100),
  codes: z.array(z.string().min(1)).readonly(),
  /** A median of no more, in major units, is said to be of micro-amounts. */
  microMax: majorAmount,
})
type Limits = z.infer<typeof limits>

const NAME = 'card-testing'
const SLOT_MS = HOUR_MS / 2

export const cardTesting = defineDetector<Limits>({
  name: NAME,
  version: 1,
  kind: 'behaviour',
  on: ['attempts', 'lifecycle'],
  isShare: true,
  clears: ['secure-terminal', 'explain-transactions'],
  documents: ['transaction-voucher'],
  advice: ['adv-secure'],
  limits,

  measure(account, moment, its) {
    const { attempts, facts } = account
    const { event, eventMs, zone, again, profile } = moment
    if (again !== undefined || event?.type !== 'card.authorisation') return NONE
    if (eventMs === undefined || isTooLate(attempts, eventMs)) return NONE
    const isRevised = isToTakeBack(account, moment, NAME)
    return windowEnds(attempts, eventMs, its.span).flatMap((endMs): readonly Measure[] => {
      if (!isRevised && isFar(countIn(attempts, endMs, its.span), its)) return NONE
      const tested = testedTo(attempts, endMs, its)
      const { declines, cards, n } = tested
      const isHit = isTested(tested, its)
      if (!isHit && !isRevised) return NONE
      const level = {
        kind: 'level',
        subject: 'account',
        consequence: 'suspension',
        rule: 'B1h',
        window: { fromMs: endMs - its.span, toMs: endMs },
        on: zone.dayOf(endMs),
        isHit,
        value: cards,
        limit: its.cardsMin,
        unit: 'cards',
        k: declines.length,
        n,
        audience: ['operator'],
        details: () => detailsOf(attempts, tested, currencyOf(profile, facts), its),
      } as const
      return firstAndLast(level, SLOT_MS)
    })
  },

  look({ attempts }, { atMs }, its) {
    const tested = testedTo(attempts, atMs, its)
    const { declines, cards, issuers, n } = tested
    const share = basisPoints(wilsonLow(declines.length, n))
    return [
      {
        rule: 'B1h',
        window: windowTo(atMs, its.span),
        isHit: isTested(tested, its),
        limits: [
          { name: 'cardsMin', value: cards, limit: its.cardsMin, unit: 'cards' },
          { name: 'issuersMin', value: issuers, limit: its.issuersMin, unit: 'issuers' },
          { name: 'attemptsMin', value: n, limit: its.attemptsMin, unit: 'attempts' },
          {
            ...{ name: 'sharePercentMin', value: share, limit: its.sharePercentMin * 100 },
            unit: 'basis-points',
          },
        ],
        k: declines.length,
        n,
      },
    ]
  },
})

type Tested = Readonly<{
  declines: readonly Attempt[]
  cards: number
  issuers: number
  n: number
}>

/** Declines for such reasons in the hour that ends with an instant, inclusive. */
function testedTo(attempts: Attempts, endMs: EpochMs, { span, codes }: Limits): Tested {
  const declines = declinesIn(attempts, endMs, span).filter(({ responseCode }) =>
    codes.includes(responseCode),
  )
  const cards = new Set(declines.map(({ card }) => card).filter((card) => card !== 0))
  const issuers = new Set(declines.map(({ issuer }) => issuer).filter((issuer) => issuer !== ''))
  const n = countIn(attempts, endMs, span).attempts
  return { declines, cards: cards.size, issuers: issuers.size, n }
}

function isTested({ declines, cards, issuers, n }: Tested, its: Limits): boolean {
  const isWide = cards >= its.cardsMin && issuers >= its.issuersMin && n >= its.attemptsMin
  return isWide && wilsonLow(declines.length, n) * 100 >= its.sharePercentMin
}

function detailsOf(
  attempts: Attempts,
  { declines, issuers }: Tested,
  currency: string,
  { microMax }: Limits,
): Details {
  const amounts = declines.map(({ amount }) => amount).sort((a, b) => a - b)
  const median = amounts[Math.floor((amounts.length - 1) / 2)] ?? 0
  const isMicro = median <= minorOf(microMax, currency)
  return {
    terminalIds: [...new Set(declines.map(({ terminalId }) => terminalId))],
    seen: { issuers, median, currency, isMicro: isMicro ? 'yes' : 'no' },
    evidence: evidenceOf(attempts, declines),
  }
}

/** Whatever the reasons, there are too few attempts, or declines, or too small a share of them. */
function isFar(
  { attempts, declines }: Readonly<{ attempts: number; declines: number }>,
  { cardsMin, attemptsMin, sharePercentMin }: Limits,
): boolean {
  const isFew = attempts < attemptsMin || declines < cardsMin
  return isFew || declines * 100 < sharePercentMin * attempts
}
