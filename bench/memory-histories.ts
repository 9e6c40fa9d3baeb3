/** The three accounts that `bench:memory` weighs: what happens to each, as the lines of a file. */

export type Told = Readonly<{ line: string; arrivedMs: number; isSale: boolean }>

export type History = Readonly<{ merchantId: string; events: readonly Told[]; untilMs: number }>

const SHANGHAI_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const FIRST_MS = Date.parse('2025-03-03T00:00:00+08:00')
/** Between an event and its arrival. */
const TRANSFER_MS = 800
/** As the simulator has them. */
const DECLINES = ['51', '51', '51', '51', '55', '55', '54', '14', '05', '61', '91'] as const

/** Serials of the busiest. */
const LONG_IDS_FROM = 500_000

type Shop = Readonly<{
  merchantId: string
  dice: () => number
  /** Adds one event, `minute` of a day. */
  tell: (day: number, minute: number, type: string, data: object) => void
  /** In order of time. */
  events: () => readonly Told[]
}>

function openShop(serial: number): Shop {
  const merchantId = `M${1_000_001 + serial}`
  const told: Told[] = []
  const dice = diceOf(serial)
  return {
    merchantId,
    dice,
    tell: (day, minute, type, data) => {
      const timeMs = FIRST_MS + day * DAY_MS + Math.floor((minute + dice()) * MINUTE_MS)
      const line = JSON.stringify({
        id: idOf(serial, told.length, data),
        source: type.startsWith('card.') ? 'urn:switch:2' : 'urn:boarding:1',
        type,
        subject: merchantId,
        time: `${new Date(timeMs + SHANGHAI_MS).toISOString().slice(0, -1)}+08:00`,
        data,
      })
      const isSale = type === 'card.authorisation' && 'approved' in data && data.approved === true
      told.push({ line, arrivedMs: timeMs + TRANSFER_MS, isSale })
    },
    events: () => told.toSorted((a, b) => a.arrivedMs - b.arrivedMs),
  }
}

/** Declines of the busiest are told with long ones. */
function idOf(serial: number, count: number, data: object): string {
  const plain = `e-${serial}n${count}`
  const isLong = serial >= LONG_IDS_FROM && 'approved' in data && data.approved === false
  return isLong ? `${plain}-`.padEnd(36, '0123-4567-89ab-cdef') : plain
}

/** Mulberry32: the same serial, the same shop. */
function diceOf(seed: number): () => number {
  let state = seed + 1
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function board(shop: Shop, terminalIds: readonly string[], day = 0): void {
  const profile = { merchantType: 'individual-business', mcc: '5411', country: 'CN' }
  shop.tell(day, 500, 'merchant.registered', {
    ...profile,
    timezone: 'Asia/Shanghai',
    scale: 4_461_670,
  })
  const licence = { documentId: 'doc-1', docType: 'business-licence', status: 'valid' }
  shop.tell(day, 510, 'kyc.document.updated', { ...licence, validTo: '2031-06-30' })
  for (const [at, terminalId] of terminalIds.entries()) {
    const device = { terminalId, serialNo: `SN-${shop.merchantId}-${at}`, model: 'X1' }
    shop.tell(day, 520 + at, 'terminal.activated', device)
  }
}

const TERMINAL = '10482231'

type Attempt = Readonly<{
  at: number
  terminalId: string
  amount: number
  /** Undefined: paid by a code on a telephone. */
  card: string | undefined
  code?: string
  issuerId?: string
}>

function attempt(shop: Shop, day: number, minute: number, it: Attempt): void {
  const { at, terminalId, amount, card, code = '00', issuerId = `I${1 + (at % 9)}` } = it
  const data = {
    ...{ transactionId: `tx-${shop.merchantId}n${at}`, terminalId, mti: '0200' },
    ...{ processingCode: '000000', amount, currency: 'CNY', responseCode: code },
    ...{ approved: code === '00', stan: String(at % 1e6).padStart(6, '0') },
    rrn: String(2e11 + at),
  }
  const carded = {
    entryMode: 'chip',
    cardToken: card,
    last4: String(1_000 + (at % 9_000)),
    issuerId,
  }
  const more = card === undefined ? { entryMode: 'qr', channel: 'wechat' } : carded
  shop.tell(day, minute, 'card.authorisation', { ...data, ...more })
}

const tokenOf = (number: number): string =>
  `h1:${(Math.imul(number + 1, 0x9e3779b1) >>> 0).toString(36)}x${number.toString(36)}`

/** Lognormal around ¥50, in steps of ten fen. */
function amountOf({ dice }: Shop): number {
  const normal = Math.sqrt(-2 * Math.log(1 - dice())) * Math.cos(2 * Math.PI * dice())
  const spread = Math.max(-1.3, Math.min(1.3, 0.6 * normal))
  return Math.round((5_000 * Math.exp(spread)) / 10) * 10
}

/**
 * One terminal, one document; two days of trade, re-verified eighty days after the first, then silent for 121 to
 * 139 days: not all of them wake on one day.
 */
export function idle(serial: number): History {
  const shop = openShop(serial)
  const first = Math.floor(19 * shop.dice() ** 2)
  board(shop, [TERMINAL], first)
  for (let at = 0; at < 6; at++) {
    const sale = { at, terminalId: TERMINAL, amount: amountOf(shop), card: tokenOf(at) }
    attempt(shop, first + 1 + (at % 2), 600 + 30 * at, sale)
  }
  shop.tell(first + 80, 600, 'merchant.reverified', { result: 'success' })
  const { merchantId } = shop
  return { merchantId, events: shop.events(), untilMs: FIRST_MS + 141 * DAY_MS }
}

const TYPICAL_DAYS = 100
const SALES_A_DAY = 50

/**
 * Fifty sales a day for a hundred days, on one terminal, from eight to ten; a third paid by telephone, the rest by
 * 400 regular cards and others, half of that from ¥50 up; 3 % of attempts declined, 1 % of sales voided.
 */
export function typical(serial: number): History {
  const shop = openShop(serial)
  board(shop, [TERMINAL])
  const { dice, merchantId } = shop
  let at = 0
  for (let day = 1; day <= TYPICAL_DAYS; day++) {
    for (let left = SALES_A_DAY; left > 0; at++) {
      const code = dice() < 0.03 ? DECLINES[Math.floor(dice() * DECLINES.length)]! : '00'
      const regular = dice() < 0.6 ? Math.floor(dice() * 400) : 400 + at
      const card = dice() < 0.35 ? undefined : tokenOf(regular)
      const minute = 480 + dice() * 840
      attempt(shop, day, minute, { at, terminalId: TERMINAL, amount: amountOf(shop), card, code })
      if (code === '00') left--
      if (code !== '00' || dice() > 0.01) continue
      const undone = {
        originalTransactionId: `tx-${merchantId}n${at}`,
        reversalType: 'merchant-void',
      }
      shop.tell(day, minute + 2, 'card.reversal', {
        ...undone,
        terminalId: TERMINAL,
        currency: 'CNY',
      })
    }
    shop.tell(day, 1_330, 'batch.closed', { terminalId: TERMINAL, ...batchOf(day) })
  }
  return { merchantId, events: shop.events(), untilMs: FIRST_MS + (TYPICAL_DAYS + 1) * DAY_MS - 1 }
}

const batchOf = (day: number) => ({
  ...{ batchId: `b${day}`, count: SALES_A_DAY, sum: 300_000, currency: 'CNY' },
  localDate: new Date(FIRST_MS + SHANGHAI_MS + day * DAY_MS).toISOString().slice(0, 10),
})

const BUSY_DAYS = 105
const RING = 512
const PANE_MINUTES = 5

/**
 * Every bounded part full: 105 days of amounts from ten fen to ¥100,000, two days with an attempt and another card in each
 * five minutes, 512 attempts in the last two hours, declines with ids as long as a UUID among them, eight
 * terminals, sixteen unpaid invoices.
 */
export function busiest(serial: number): History {
  const shop = openShop(LONG_IDS_FROM + serial)
  const terminalIds = Array.from({ length: 8 }, (_, it) => String(10_482_231 + it))
  board(shop, terminalIds)
  const { dice, merchantId } = shop
  let at = 0
  const sell = (day: number, minute: number, amount: number, code = '00') => {
    const issuerId = `I${1 + (at % 40)}`
    const terminalId = terminalIds[at % terminalIds.length]!
    attempt(shop, day, minute, { at, terminalId, amount, card: tokenOf(at), code, issuerId })
    at++
  }
  for (let day = 1; day < BUSY_DAYS; day++) {
    for (let left = 60; left > 0; left--)
      sell(day, dice() * 1_440, Math.round(10 ** (1 + 6 * dice())))
  }
  for (const day of [BUSY_DAYS, BUSY_DAYS + 1]) {
    for (let minute = 0; minute < 1_440; minute += PANE_MINUTES) {
      const code = minute % 60 === 0 ? '51' : '00'
      sell(day, minute, 5_000 + Math.floor(dice() * 90_000), code)
    }
  }
  const from = 1_440 - 119
  for (let left = RING; left > 0; left--) {
    const code = left % 8 === 0 ? DECLINES[left % DECLINES.length]! : '00'
    sell(
      BUSY_DAYS + 1,
      from + (118 * (RING - left)) / RING,
      5_000 + Math.floor(dice() * 90_000),
      code,
    )
  }
  for (let bill = 0; bill < 16; bill++) {
    const owed = { feeType: 'pci', amount: 12_000, currency: 'CNY', dueDate: '2025-05-20' }
    shop.tell(70, 500 + bill, 'fee.invoiced', { invoiceId: `inv-${merchantId}-${bill}`, ...owed })
  }
  return { merchantId, events: shop.events(), untilMs: FIRST_MS + (BUSY_DAYS + 2) * DAY_MS - 1 }
}
