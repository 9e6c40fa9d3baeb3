/** Scenarios of shops that trade. */
import { dayFrom } from './civil.ts'
import { purchase, type Say, type Scenario } from './scenario-shop.ts'

const QUIET = ['merchant-inactivity', 'terminal-inactivity', 'volume-spike', 'decline-burst-card']

/** Attempts at seconds after a local time: a code for each, and one card or one each. */
function attempts(
  say: Say,
  at: string,
  codes: readonly string[],
  stepSeconds: number,
  { amount, card }: Readonly<{ amount: number; card?: string }>,
): void {
  const start = Temporal.PlainDateTime.from(at)
  for (const [number, code] of codes.entries()) {
    const when = start.add({ seconds: number * stepSeconds })
    const day = dayFrom(when.toPlainDate().toString())
    const more = card === undefined ? { amount, code } : { amount, code, card }
    const data = purchase(day, 5_000 + number, more)
    say(when.toString({ smallestUnit: 'second' }), { type: 'card.authorisation', data })
  }
}

const INVOICE = {
  invoiceId: 'inv-31',
  feeType: 'terminal-rental',
  amount: 12_000,
  currency: 'CNY',
  dueDate: '2026-06-01',
  method: 'debit',
} as const

function half(say: Say, at: string): void {
  const data = { invoiceId: 'inv-31', amount: 6_000, currency: 'CNY', method: 'transfer' }
  say(at, { type: 'fee.payment.received', data })
}

export const LIVELY: readonly Scenario[] = [
  {
    name: 'corner-shop',
    about: 'A shop that trades every day for a year: nothing is to be said of it.',
    from: '2025-09-01',
    to: '2026-10-31',
    shops: [{ merchantId: 'F1', cause: 'healthy', never: QUIET }],
  },
  {
    name: 'restaurant',
    about: 'Sixty sales a night, four in ten of them after ten o’clock.',
    from: '2025-09-01',
    to: '2025-10-30',
    shops: [
      {
        merchantId: 'F2',
        cause: 'healthy',
        never: QUIET,
        mcc: '5812',
        hours: [1_020, 1_550],
        sales: () => 60,
      },
    ],
  },
  {
    name: 'card-testing',
    about: 'Twenty-four small attempts on as many cards in twelve minutes of the night.',
    from: '2026-03-01',
    to: '2026-06-06',
    shops: [
      {
        merchantId: 'F11',
        cause: '1b card testing',
        never: ['decline-burst-card'],
        mcc: '7542',
        since: '2026-03-01',
        hours: [240, 1_440],
        sales: () => 80,
        script: (say) => {
          const codes = Array.from({ length: 24 }, (_, at) =>
            at % 4 === 3 ? '00' : at % 2 ? '54' : '14',
          )
          attempts(say, '2026-06-03T02:10:00', codes, 30, { amount: 100 })
        },
      },
    ],
  },
  {
    name: 'mistyped-pin',
    about: 'One card is refused three times in four minutes, then approved.',
    from: '2026-03-01',
    to: '2026-06-14',
    shops: [
      {
        merchantId: 'F12',
        cause: '1b mistyped PIN',
        never: ['volume-spike'],
        since: '2026-03-01',
        script: (say) =>
          attempts(say, '2026-06-10T10:00:00', ['55', '55', '55', '00'], 120, {
            amount: 12_850,
            card: 'h1:pin',
          }),
      },
    ],
  },
  {
    name: 'promotion',
    about: 'Six times, and eight times, the usual sales on one day.',
    from: '2026-02-01',
    to: '2026-06-24',
    shops: [
      {
        merchantId: 'F16a',
        cause: '1a promotion',
        since: '2026-02-01',
        sales: (date) => (date === '2026-06-18' ? 240 : 40),
      },
      {
        merchantId: 'F16b',
        cause: '1a promotion',
        since: '2026-02-01',
        sales: (date) => (date === '2026-06-18' ? 320 : 40),
      },
    ],
  },
  {
    name: 'invoice',
    about: 'An invoice paid late in two parts, one disputed, and one too small to climb for.',
    from: '2026-04-01',
    to: '2026-07-02',
    shops: [
      {
        merchantId: 'F21a',
        cause: '3 paid late in two parts',
        since: '2026-04-01',
        script: (say) => {
          say('2026-05-10T10:00:00', { type: 'fee.invoiced', data: INVOICE })
          half(say, '2026-06-12T10:00:00')
          half(say, '2026-06-20T10:00:00')
        },
      },
      {
        merchantId: 'F21b',
        cause: '3 disputed',
        since: '2026-04-01',
        script: (say) => {
          say('2026-05-10T10:00:00', { type: 'fee.invoiced', data: INVOICE })
          const data = { invoiceId: 'inv-31', status: 'open' } as const
          say('2026-06-05T10:00:00', { type: 'fee.disputed', data })
        },
      },
      {
        merchantId: 'F21c',
        cause: '3 a small sum',
        since: '2026-04-01',
        script: (say) =>
          say('2026-05-10T10:00:00', { type: 'fee.invoiced', data: { ...INVOICE, amount: 800 } }),
      },
    ],
  },
  {
    name: 'bad-delivery',
    about: 'Every event twice; events up to an hour late; a sale dated 2099, then none.',
    from: '2026-04-01',
    to: '2026-09-10',
    shops: [
      {
        merchantId: 'F29a',
        cause: 'healthy',
        never: QUIET,
        since: '2026-04-01',
        delivery: 'twice',
      },
      {
        merchantId: 'F29b',
        cause: 'healthy',
        never: QUIET,
        since: '2026-04-01',
        delivery: 'shuffled',
      },
      {
        merchantId: 'F29c',
        cause: '4 a clock that runs ahead',
        since: '2026-04-01',
        sales: (date) => (date < '2026-06-10' ? 40 : 0),
        script: (say) => {
          const data = purchase(dayFrom('2026-06-10'), 0, { amount: 1_200 })
          say('2099-01-01T00:00:00', { type: 'card.authorisation', data }, '2026-06-10T12:00:00')
        },
      },
    ],
  },
]
