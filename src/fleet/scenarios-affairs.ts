/** Scenarios of papers, payouts and the network's answers. */
import { dayFrom } from './civil.ts'
import { purchase } from './scenario-shop.ts'
import type { Say, Scenario, ShopSpec } from './scenario-shop.ts'

const LICENCE = {
  documentId: 'doc-5',
  docType: 'business-licence',
  numberMasked: '9133****21X',
  validTo: '2026-06-30',
} as const
const RENEWED = { ...LICENCE, validTo: '2036-06-30', status: 'valid' } as const

function licence(say: Say): void {
  say('2025-09-01T09:00:00', { type: 'kyc.document.updated', data: LICENCE })
}

const PAYOUT = { net: 207_514, currency: 'CNY', accountRef: 'sa-1' } as const
const BACK = { payoutId: 'po-90', returnCode: 'AC04', accountRef: 'sa-1' } as const

/** `issuer` counts from 0. */
type Answer = readonly [time: string, code: string, issuer: number, card: string]

/** A shop whose only attempts of 2026-06-15 are these. */
function answers(
  merchantId: string,
  list: readonly Answer[],
  more: Pick<ShopSpec, 'never' | 'script'> & Readonly<{ cause: string }>,
): ShopSpec {
  const date = '2026-06-15'
  return {
    merchantId,
    since: '2026-06-01',
    sales: (day) => (day === date ? 0 : 40),
    ...more,
    script: (say) => {
      more.script?.(say)
      for (const [at, [time, code, issuer, card]] of list.entries()) {
        // The issuer follows from the number of the attempt.
        const data = purchase(dayFrom(date), 5_000 + 5 * at + issuer, { amount: 3_600, code, card })
        say(`${date}T${time}:00`, { type: 'card.authorisation', data })
      }
    },
  }
}

const NEVER = ['network-rejected']

export const AFFAIRS: readonly Scenario[] = [
  {
    name: 'licence',
    about: 'A licence that expires: renewed on the day after, and under review in time.',
    from: '2025-09-01',
    to: '2026-09-30',
    shops: [
      {
        merchantId: 'F22a',
        cause: '10 expired',
        script: (say) => {
          licence(say)
          say('2026-07-01T10:00:00', { type: 'kyc.document.updated', data: RENEWED })
        },
      },
      {
        merchantId: 'F22b',
        cause: '10 under review',
        script: (say) => {
          licence(say)
          const data = { ...LICENCE, status: 'pending' } as const
          say('2026-06-20T10:00:00', { type: 'kyc.document.updated', data })
          say('2026-06-25T10:00:00', { type: 'kyc.document.updated', data: RENEWED })
        },
      },
    ],
  },
  {
    name: 'returned-payout',
    about: 'A payout comes back, for its account was closed; another account is paid.',
    from: '2026-05-01',
    to: '2026-06-16',
    shops: [
      {
        merchantId: 'F23a',
        cause: '17 a payout returned',
        since: '2026-05-01',
        sales: (date) => (date <= '2026-06-09' ? 40 : 0),
        script: (say) => {
          const completed = { type: 'payout.completed' } as const
          say('2026-06-10T12:00:00', { ...completed, data: { ...PAYOUT, payoutId: 'po-90' } })
          say('2026-06-11T09:00:00', { type: 'payout.returned', data: BACK })
          const data = { accountRef: 'sa-2', accountClass: 'corporate', nameMatches: true }
          say('2026-06-12T10:00:00', { type: 'settlement.account.changed', data })
          const again = { ...PAYOUT, payoutId: 'po-91', accountRef: 'sa-2' }
          say('2026-06-15T12:00:00', { ...completed, data: again })
        },
      },
    ],
  },
  {
    name: 'network-codes',
    about:
      'The network refuses an account; one issuer does; a new terminal is not known; too slow.',
    from: '2026-06-01',
    to: '2026-06-16',
    shops: [
      answers(
        'F26a',
        [
          ['11:00', '03', 0, 'h1:a'],
          ['11:10', '97', 1, 'h1:b'],
          ['12:00', '00', 2, 'h1:c'],
        ],
        { cause: '8 refused by the network' },
      ),
      answers(
        'F26b',
        [
          ['11:00', '03', 0, 'h1:a'],
          ['11:05', '03', 0, 'h1:b'],
          ['11:10', '03', 0, 'h1:c'],
        ],
        { cause: 'near-miss: network codes of one issuer', never: NEVER },
      ),
      answers(
        'F26c',
        [
          ['11:00', '03', 0, 'h1:a'],
          ['11:10', '97', 1, 'h1:b'],
          ['12:00', '00', 2, 'h1:c'],
        ],
        {
          cause: 'near-miss: network codes at a new till',
          never: NEVER,
          script: (say) => {
            const data = { terminalId: 'T1', serialNo: 'SN-A' }
            say('2026-06-15T06:00:00', { type: 'terminal.activated', data })
          },
        },
      ),
      answers(
        'F26d',
        [
          ['11:00', '03', 0, 'h1:a'],
          ['11:40', '97', 1, 'h1:b'],
          ['12:00', '00', 2, 'h1:c'],
        ],
        { cause: 'near-miss: network codes far apart', never: NEVER },
      ),
    ],
  },
]
