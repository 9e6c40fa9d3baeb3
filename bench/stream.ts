/**
 * The benchmark's stream: merchants that are set up, then a week of their trade, seeded. Made of
 * string templates, for a million records must not take longer to make than to measure.
 */
import {
  authorisation,
  heartbeat,
  invoice,
  keyOf,
  payment,
  refund,
  register,
  reversal,
} from './templates.ts'
import type { Sale } from './templates.ts'

export type StreamOptions = Readonly<{ records: number; merchants: number; seed: number }>

/** `timestampMs` is when the log takes it: never falling. */
export type StreamRecord = Readonly<{ key: string; value: string; timestampMs: number }>

export type Stream = Readonly<{
  /** Every merchant with its terminal, so two records each. */
  setUp: () => Iterable<StreamRecord>
  trade: () => Iterable<StreamRecord>
  /** Of the last record. */
  endMs: number
}>

/** A Sunday, all in Shanghai's time; far enough back for any clock. */
const SET_UP_MS = Date.parse('2025-03-02T00:00:00+08:00')
const DAY_MS = 86_400_000
const OPEN_MS = 8 * 3_600_000
const OPEN_FOR_MS = 14 * 3_600_000
const DAYS = 7
/** Shares of all records of the trade, less what is left: sales. */
const SHARES = { heartbeat: 0.08, invoice: 0.006, payment: 0.003, refund: 0.005, reversal: 0.004 }
const DECLINED = 0.07
/** Of declines: the same card is refused again and again, within minutes. */
const BURSTS = 0.005
const LATE = { minutes: 0.01, hours: 0.001 }
const MALFORMED = 0.001
/** Of sales that a reversal or a refund may be about; the latest of all merchants. */
const REMEMBERED = 512

export function createStream({ records, merchants, seed }: StreamOptions): Stream {
  const setUpCount = Math.min(records, 2 * merchants)
  const tradeCount = records - setUpCount
  const instant = (at: number): number => {
    const ofWeek = (at / tradeCount) * DAYS
    const day = Math.floor(ofWeek)
    return SET_UP_MS + (day + 1) * DAY_MS + OPEN_MS + Math.floor((ofWeek - day) * OPEN_FOR_MS)
  }

  function* setUp(): Generator<StreamRecord> {
    for (let at = 0; at < setUpCount; at++) {
      const timestampMs = SET_UP_MS + Math.floor((at / setUpCount) * OPEN_FOR_MS)
      const merchant = at >> 1
      const value = register(merchant, at % 2 === 0, timestampMs)
      yield { key: keyOf(merchant), value, timestampMs }
    }
  }

  function* trade(): Generator<StreamRecord> {
    const random = createRandom(seed)
    const rankOf = createZipf(merchants, random)
    const draw = createTrade(random)
    for (let at = 0; at < tradeCount; at++) {
      const timestampMs = instant(at)
      yield draw(at, rankOf(), timestampMs)
    }
  }

  return { setUp, trade, endMs: tradeCount > 0 ? instant(tradeCount - 1) : SET_UP_MS + DAY_MS }
}

type Burst = { merchant: number; card: number; left: number }

function createTrade(random: () => number) {
  const sales: Sale[] = []
  const invoices: Readonly<{ merchant: number; serial: number }>[] = []
  let burst: Burst | undefined

  function sell(serial: number, merchant: number, timeMs: number): readonly [number, string] {
    const isBurst = burst !== undefined && serial % 3 === 0
    const isDeclined = isBurst || random() < DECLINED
    const by = isBurst && burst !== undefined ? burst.merchant : merchant
    const card = isBurst && burst !== undefined ? burst.card : Math.floor(random() * 40) + by * 64
    const sale = { serial, merchant: by, card, amount: amountOf(random), timeMs }
    if (isBurst && burst !== undefined && --burst.left === 0) burst = undefined
    else if (isDeclined && burst === undefined && random() < BURSTS) {
      burst = { merchant, card, left: 4 }
    }
    if (!isDeclined) sales[serial % REMEMBERED] = sale
    return [by, authorisation(sale, isDeclined ? Math.floor(random() * 6) : undefined)]
  }

  function eventOf(serial: number, merchant: number, timeMs: number): readonly [number, string] {
    let share = random()
    if ((share -= SHARES.heartbeat) < 0) return [merchant, heartbeat(serial, merchant, timeMs)]
    if ((share -= SHARES.invoice) < 0) {
      invoices.push({ merchant, serial })
      return [merchant, invoice(serial, merchant, timeMs)]
    }
    const owed = (share -= SHARES.payment) < 0 ? invoices.shift() : undefined
    if (owed !== undefined) return [owed.merchant, payment(serial, owed, timeMs)]
    const sale = sales[Math.floor(random() * REMEMBERED)]
    if ((share -= SHARES.refund) < 0 && sale) return [sale.merchant, refund(serial, sale, timeMs)]
    if ((share -= SHARES.reversal) < 0 && sale)
      return [sale.merchant, reversal(serial, sale, timeMs)]
    return sell(serial, merchant, timeMs)
  }

  return (serial: number, drawn: number, timestampMs: number): StreamRecord => {
    const lot = random()
    const lateMs = lot < LATE.hours ? 8 * 3_600_000 : lot < LATE.minutes ? 60_000 : 2_000
    const timeMs = timestampMs - Math.floor(random() * lateMs)
    const [merchant, text] = eventOf(serial, drawn, timeMs)
    const value = random() < MALFORMED ? text.slice(0, 100) : text
    return { key: keyOf(merchant), value, timestampMs }
  }
}

/** Skewed: many small tickets, few large ones. In fen. */
function amountOf(random: () => number): number {
  const u = random()
  return 200 + Math.floor(u * u * u * 90_000)
}

/** Ranks from 0, the first the busiest, with the frequency 1 / (rank + 1). */
function createZipf(count: number, random: () => number): () => number {
  const upTo = new Float64Array(count)
  let sum = 0
  for (let rank = 0; rank < count; rank++) upTo[rank] = sum += 1 / (rank + 1)
  return () => {
    const wanted = random() * sum
    let low = 0
    for (let high = count - 1; low < high;) {
      const middle = (low + high) >> 1
      if ((upTo[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** In [0, 1): Tommy Ettinger's mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let it = Math.imul(state ^ (state >>> 15), 1 | state)
    it = (it + Math.imul(it ^ (it >>> 7), 61 | it)) ^ it
    return ((it ^ (it >>> 14)) >>> 0) / 4_294_967_296
  }
}
