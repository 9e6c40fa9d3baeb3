/** Scenarios of shops and tills that fall silent. */
import { dayFrom } from './civil.ts'
import { purchase } from './scenario-shop.ts'
import type { Say, Scenario, ShopSpec } from './scenario-shop.ts'

const CALM = ['merchant-inactivity', 'terminal-inactivity']

/** Forty sales a day up to a date, and from another on. */
function closed(last: string, back = '9999-12-31'): (date: string) => number {
  return (date) => (date <= last || date >= back ? 40 : 0)
}

function pause(say: Say, at: string, from: string, to: string): void {
  say(at, { type: 'merchant.pause.declared', data: { from, to } })
}

function forwarded(say: Say, at: string, told: string): void {
  const data = purchase(dayFrom(at.slice(0, 10)), 7_000, { amount: 3_600 })
  say(at, { type: 'card.authorisation', data: { ...data, offline: true } }, told)
}

function delivered(say: Say, at: string): void {
  const registered = {
    merchantType: 'individual-business',
    mcc: '5411',
    timezone: 'Asia/Shanghai',
    country: 'CN',
  }
  say(`${at}T09:00:00`, { type: 'merchant.registered', data: registered })
  const data = { terminalId: 'T1', serialNo: 'SN-A' }
  say(`${at}T10:00:00`, { type: 'terminal.delivered', data })
}

/** One sale and then none: where its clock ends is all that it shows. */
function lastSale(merchantId: string, date: string, zone = 'Asia/Shanghai'): ShopSpec {
  const cause = '11 idle for good'
  const sales = (day: string) => (day === date ? 1 : 0)
  return { merchantId, cause, zone, since: date, sales, beatMinutes: 1_440 }
}

export const IDLE: readonly Scenario[] = [
  {
    name: 'ski-declared',
    about: 'A ski rental declares its pause and returns the day after.',
    from: '2025-09-01',
    to: '2026-12-02',
    shops: [
      {
        merchantId: 'F3',
        cause: '11 a declared pause ends',
        never: CALM,
        sales: (date) => (date <= '2026-03-31' ? 40 : date >= '2026-12-01' ? 20 : 0),
        beats: (date) => date < '2026-04-01' || date > '2026-11-29',
        script: (say) => pause(say, '2026-03-25T10:00:00', '2026-04-01', '2026-11-30'),
      },
    ],
  },
  {
    name: 'ski-undeclared',
    about: 'The same season, and nobody was told.',
    from: '2025-09-01',
    to: '2026-12-02',
    shops: [
      {
        merchantId: 'F4',
        cause: '11 a season that nobody declared',
        sales: (date) => (date <= '2026-03-31' ? 40 : date >= '2026-12-01' ? 20 : 0),
      },
    ],
  },
  {
    name: 'spring-festival',
    about: 'Sixteen days closed, declared or not: nothing is to be said.',
    from: '2025-09-01',
    to: '2026-03-31',
    shops: [
      {
        merchantId: 'F5a',
        cause: 'healthy',
        never: CALM,
        sales: closed('2026-02-11', '2026-02-28'),
      },
      {
        merchantId: 'F5b',
        cause: 'healthy',
        never: CALM,
        sales: closed('2026-02-11', '2026-02-28'),
        beats: (date) => date <= '2026-02-11' || date >= '2026-02-28',
        script: (say) => pause(say, '2026-02-10T10:00:00', '2026-02-12', '2026-02-27'),
      },
    ],
  },
  {
    name: 'backup-till',
    about: 'A second till that only waits for the first to fail.',
    from: '2025-09-01',
    to: '2026-11-10',
    shops: [
      {
        merchantId: 'F6',
        cause: 'near-miss: a backup till',
        never: CALM,
        script: (say) => {
          const data = { terminalId: 'T2', serialNo: 'SN-B', role: 'backup' } as const
          say('2025-09-01T08:00:00', { type: 'terminal.delivered', data })
          say('2025-09-01T08:10:00', { type: 'terminal.activated', data })
        },
      },
    ],
  },
  {
    name: 'second-till',
    about: 'A second till idle for a year beside a busy one.',
    from: '2025-09-01',
    to: '2027-01-15',
    shops: [
      {
        merchantId: 'F7',
        cause: '11 a till idle beside a busy one',
        never: ['merchant-inactivity'],
        terminal: (date, at) => (date <= '2026-01-15' && at % 2 === 1 ? 'T2' : 'T1'),
      },
    ],
  },
  {
    name: 'late-offline',
    about: 'A forwarded sale proves the warning wrong; another ends it.',
    from: '2025-09-01',
    to: '2026-06-05',
    shops: [
      {
        merchantId: 'F8a',
        cause: '4 a forwarded sale proves the warning wrong',
        sales: closed('2026-01-15'),
        hasInterval: false,
        script: (say) => forwarded(say, '2026-03-10T10:00:00', '2026-04-13T10:00:00'),
      },
      {
        merchantId: 'F8b',
        cause: '4 a forwarded sale ends the warning',
        sales: closed('2026-01-15'),
        hasInterval: false,
        script: (say) => forwarded(say, '2026-04-05T10:00:00', '2026-04-06T10:00:00'),
      },
    ],
  },
  {
    name: 'never-activated',
    about: 'A terminal delivered and never activated, and one activated after seven weeks.',
    from: '2026-03-01',
    to: '2026-05-31',
    shops: [
      {
        merchantId: 'F9a',
        cause: '11 never activated',
        never: CALM,
        isUnready: true,
        script: (say) => delivered(say, '2026-03-02'),
      },
      {
        merchantId: 'F9b',
        cause: '11 activated late',
        never: CALM,
        isUnready: true,
        script: (say) => {
          delivered(say, '2026-03-02')
          const data = { terminalId: 'T1', serialNo: 'SN-A' }
          say('2026-04-20T10:00:00', { type: 'terminal.activated', data })
          forwarded(say, '2026-04-20T11:00:00', '2026-04-20T11:00:01')
        },
      },
    ],
  },
  {
    name: 'sleeper',
    about: 'A hundred days of silence and a sudden return, once after a re-verification.',
    from: '2025-09-01',
    to: '2026-05-16',
    shops: (['a', 'b'] as const).map((kind) => ({
      merchantId: `F17${kind}`,
      cause: '11 a season that nobody declared',
      never: ['volume-spike'],
      sales: (date) => (date === '2026-05-11' ? 30 : closed('2026-01-31', '2026-05-12')(date)),
      script: (say) => {
        if (kind === 'a') return
        const data = { result: 'success' } as const
        say('2026-05-08T10:00:00', { type: 'merchant.reverified', data })
      },
    })),
  },
  {
    name: 'calendar-clocks',
    about: 'Months that end early, a leap year, and a midnight that does not exist.',
    from: '2023-11-30',
    to: '2026-11-30',
    shops: [
      lastSale('F31a', '2025-11-30'),
      lastSale('F31b', '2023-11-30'),
      lastSale('F31c', '2024-02-29'),
      lastSale('F31d', '2026-08-31'),
      lastSale('F31e', '2026-06-06', 'America/Santiago'),
    ],
  },
]
