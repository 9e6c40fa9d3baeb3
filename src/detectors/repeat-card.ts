/** One card that pays again and again on one day. */
import { z } from 'zod'
import type { Account } from '../core/account.ts'
import { cardsOn, salesOf, salesOfNearest } from '../core/cards-of-day.ts'
import type { CardSales, CardsOfDay } from '../core/cards-of-day.ts'
import { defineDetector, NONE } from '../core/detector.ts'
import type { Level, Moment } from '../core/detector.ts'
import { isAmongMccs, mccList } from '../core/mcc.ts'
import { majorAmount } from '../core/money.ts'
import type { Day } from '../core/time.ts'

const limits = z.strictObject({
  /** In major units: smaller sales are not looked at. */
  amountMin: majorAmount,
  /** Sales of one card and one amount. */
  sameAmountMin: z.int().min(2),
  /** Sales of one card. */
  salesMin: z.int().min(2),
  /** Where a card ordinarily pays many times a day. */
  exemptMccs: mccList,
})
type Limits = z.infer<typeof limits>

export const repeatCard = defineDetector<Limits>({
  name: 'repeat-card',
  version: 1,
  kind: 'behaviour',
  on: ['card-sales', 'lifecycle'],
  clears: ['explain-transactions', 'normal-trade'],
  documents: ['transaction-voucher', 'sales-invoice'],
  advice: ['adv-keep-records'],
  limits,
  counting: ({ amountMin }) => ({ cardMin: amountMin }),

  measure(account, moment, its) {
    const { closed, touchedOn, today, again } = moment
    if (closed !== undefined || isAmongMccs(its.exemptMccs, account.facts.mcc)) return NONE
    if (again !== undefined)
      return told(account, again).map((day) => localDay(account, moment, its, day))
    if (touchedOn === undefined || isOrdinary(account, moment, its, touchedOn)) return NONE
    const days = account.cards.filter(
      ({ day }) => day >= touchedOn && day <= Math.max(touchedOn, today),
    )
    return days.map(({ day }) => localDay(account, moment, its, day))
  },

  /** Of one amount, or of any: the card with most sales of either kind. */
  look({ cards, facts }, { today, zone }, its) {
    const mine = cardsOn(cards, today)
    const { same } = mostOf(mine, { ...its, salesMin: Infinity })
    const { sales } = mostOf(mine, { ...its, sameAmountMin: Infinity })
    const window = { fromMs: zone.startMs(today), toMs: zone.startMs(today + 1) }
    const held = isAmongMccs(its.exemptMccs, facts.mcc) ? { held: 'exempt-mcc' } : {}
    const ways = [
      { name: 'sameAmountMin', value: same, limit: its.sameAmountMin, unit: 'sales' },
      { name: 'salesMin', value: sales, limit: its.salesMin, unit: 'sales' },
    ]
    return ways.map((way) => {
      return { rule: 'LD', window, isHit: way.value >= way.limit, limits: [way], ...held }
    })
  },
})

/** Of a date whose tallies are forgotten nothing new can be said. */
function told({ cards }: Account, days: readonly Day[]): Day[] {
  return days.filter((day) => cardsOn(cards, day) !== undefined)
}

/** The card of this very sale reaches no limit: whatever holds on its date was found at other sales. */
function isOrdinary(account: Account, { event }: Moment, its: Limits, on: Day): boolean {
  if (event?.type !== 'card.authorisation') return false
  const all = cardsOn(account.cards, on)
  const mine = all && salesOf(all.cards, event.data.cardToken ?? '')
  if (mine === undefined) return true
  return mine.same < its.sameAmountMin && mine.sales < its.salesMin
}

function localDay(account: Account, { zone }: Moment, its: Limits, day: Day): Level {
  const { sales, same } = mostOf(cardsOn(account.cards, day), its)
  const isHit = same >= its.sameAmountMin || sales >= its.salesMin
  const isBySame = same >= its.sameAmountMin || sales < its.salesMin
  return {
    kind: 'level',
    subject: 'account',
    consequence: 'suspension',
    rule: 'LD',
    window: { fromMs: zone.startMs(day), toMs: zone.startMs(day + 1) },
    on: day,
    isHit,
    value: isBySame ? same : sales,
    limit: isBySame ? its.sameAmountMin : its.salesMin,
    unit: 'sales',
    seen: { sales, same },
  }
}

/** Of the card that comes nearest to either limit. */
function mostOf(of: CardsOfDay | undefined, { sameAmountMin, salesMin }: Limits): CardSales {
  if (of === undefined) return { sales: 0, same: 0 }
  return salesOfNearest(of, ({ sales, same }) => Math.max(same / sameAmountMin, sales / salesMin))
}
