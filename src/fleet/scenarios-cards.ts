/** Scenarios of cards and amounts. */
import { dateText, dayFrom } from './civil.ts'
import { purchase, type Say, type Scenario } from './scenario-shop.ts'

const DAYTIME = [10_000, 12_000, 14_000, 16_000, 20_000, 20_000, 24_000, 26_000, 28_000, 30_000]

/** Ten sales between ten and six, each on a card of its own. */
function tenADay(say: Say, from: string, to: string): void {
  for (let day = dayFrom(from); day <= dayFrom(to); day++) {
    for (const [at, amount] of DAYTIME.entries()) {
      const hour = String(10 + Math.floor((at * 8) / 10)).padStart(2, '0')
      const minute = String((at * 17) % 60).padStart(2, '0')
      const data = { ...purchase(day, at, { amount }), cardType: 'credit' }
      say(`${dateText(day)}T${hour}:${minute}:00`, { type: 'card.authorisation', data })
    }
  }
}

/** Two cards in turn, every ten minutes from ten at night on. */
function sixANight(say: Say, from: string, to: string): void {
  for (let day = dayFrom(from); day <= dayFrom(to); day++) {
    for (let at = 0; at < 6; at++) {
      const card = `h1:night${at % 2}`
      const data = { ...purchase(day, 100 + at, { amount: 500_000, card }), cardType: 'credit' }
      say(`${dateText(day)}T22:${at}0:00`, { type: 'card.authorisation', data })
    }
  }
}

function refunds(amounts: readonly number[], matched = false) {
  return (say: Say) => {
    for (const [at, amount] of amounts.entries()) {
      const refund = { transactionId: `rf-${at}`, terminalId: 'T1', amount, currency: 'CNY' }
      const data = matched
        ? { ...refund, matched }
        : { ...refund, matched, matchFailure: 'no-original' as const }
      say(`2026-06-10T1${at}:20:00`, { type: 'card.refund', data })
    }
  }
}

const REFUNDS = ['unmatched-refund']

export const CARDS: readonly Scenario[] = [
  {
    name: 'cash-out',
    about: 'Every night two cards in turn pay five thousand, six times.',
    from: '2026-02-10',
    to: '2026-05-15',
    shops: [
      {
        merchantId: 'F14',
        cause: '2 cash-out',
        mcc: '5722',
        since: '2026-02-10',
        sales: () => 0,
        script: (say) => {
          tenADay(say, '2026-02-10', '2026-05-15')
          sixANight(say, '2026-05-11', '2026-05-15')
        },
      },
    ],
  },
  {
    name: 'orphan-refunds',
    about: 'One large refund of no sale; three small ones; two; and one of a sale that is known.',
    from: '2026-05-01',
    to: '2026-06-14',
    shops: [
      { merchantId: 'F18a', cause: '1c a large refund of no sale', script: refunds([60_000]) },
      {
        merchantId: 'F18b',
        cause: '1c three refunds of no sale',
        script: refunds([10_000, 10_000, 10_000]),
      },
      {
        merchantId: 'F18c',
        cause: 'near-miss: two refunds of no sale',
        never: REFUNDS,
        script: refunds([10_000, 10_000]),
      },
      {
        merchantId: 'F18d',
        cause: 'near-miss: a refund that is known',
        never: REFUNDS,
        script: refunds([30_000], true),
      },
    ].map((shop) => ({ ...shop, since: '2026-05-01' })),
  },
]
