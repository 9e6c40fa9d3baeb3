/** Lines of one base shop, in the words of its local time. */
import { at, msOf, plusDays, type Day } from './civil.ts'
import { recount } from './recount.ts'

export const SHANGHAI = 'Asia/Shanghai'

let count = 0

/** `when` is local, `2026-06-10 10:00` or with seconds; `arrives` alike, where it is later. */
export function line(
  type: string,
  when: string,
  data: object,
  { arrives = when, zone = SHANGHAI, merchantId = 'M1', id = `e-${(count += 1)}` } = {},
): string {
  return JSON.stringify({
    id,
    source: 'urn:given',
    type,
    subject: merchantId,
    time: instant(when, zone),
    receivedat: instant(arrives, zone),
    data,
  })
}

function instant(when: string, zone: string): string {
  return Temporal.PlainDateTime.from(when.replace(' ', 'T'))
    .toZonedDateTime(zone)
    .toString({ timeZoneName: 'never' })
}

export function registered(when: string, zone = SHANGHAI, country = 'CN'): string {
  const data = { merchantType: 'enterprise', mcc: '5411', timezone: zone, country }
  return line('merchant.registered', when, data, { zone })
}

export function activated(when: string, terminalId = 'T1', zone = SHANGHAI): string {
  return line('terminal.activated', when, { terminalId, serialNo: `SN-${terminalId}` }, { zone })
}

const CYCLE = [1200, 1850, 2390, 3600, 4500, 6780, 8800, 12800]

type SaleOptions = Readonly<{
  terminalId?: string
  amount?: number
  arrives?: string
  zone?: string
  data?: object
}>

export function sale(when: string, options: SaleOptions = {}): string {
  const { terminalId = 'T1', amount = 1200, arrives = when, zone = SHANGHAI, data = {} } = options
  const common = { terminalId, mti: '0200', amount, currency: 'CNY' }
  const answer = { responseCode: '00', approved: true, cardToken: `h1:${(count += 1)}` }
  const transactionId = `tx-${count}`
  return line(
    'card.authorisation',
    when,
    { transactionId, ...common, ...answer, ...data },
    { arrives, zone },
  )
}

/** Sales from 09:00 on, evenly spread over twelve hours, cycling the amounts of the base shop. */
export function salesOn(day: Day, number: number, terminalId = 'T1'): string[] {
  const start = Temporal.PlainDateTime.from(`${day}T09:00`)
  return Array.from({ length: number }, (_, index) => {
    const seconds = Math.floor((index * 12 * 3600) / number)
    const when = start.add({ seconds }).toString({ smallestUnit: 'second' }).replace('T', ' ')
    return sale(when, { terminalId, amount: CYCLE[index % CYCLE.length] ?? 0 })
  })
}

/** So many sales on each date, both included. */
export function salesDaily(from: Day, to: Day, number: number, terminalId = 'T1'): string[] {
  const lines: string[] = []
  for (let day = from; day <= to; day = plusDays(day, 1)) {
    lines.push(...salesOn(day, number, terminalId))
  }
  return lines
}

/** One sale every four weeks: enough to stay silent about. */
export function bridge(from: Day, to: Day, terminalId = 'T1'): string[] {
  const lines: string[] = []
  for (let day = from; day <= to; day = plusDays(day, 28)) {
    lines.push(sale(`${day} 12:00`, { terminalId }))
  }
  return lines
}

/** The lines in the order of their arrivals. */
export function inArrival(...groups: readonly (string | readonly string[])[]): string[] {
  return groups
    .flat()
    .map((text) => ({ text, ms: msOf(JSON.parse(text).receivedat) }))
    .sort((a, b) => a.ms - b.ms)
    .map(({ text }) => text)
}

/** The records up to the end of a local date, one line each: `06-12 00:00 detector subject …`. */
export function told(lines: readonly string[], until: Day, zone = SHANGHAI): string[] {
  const untilMs = at(plusDays(until, 1), zone)
  return recount(lines, { untilMs }).map((record) => {
    const { detector, subject, reason, stage, resolution, time } = record
    const local = Temporal.Instant.fromEpochMilliseconds(time)
      .toZonedDateTimeISO(zone)
      .toPlainDateTime()
      .toString({ smallestUnit: 'minute' })
      .replace('T', ' ')
    const word = reason === 'opened' || reason === 'raised' ? stage : (resolution ?? '')
    return `${local} ${detector} ${subject} ${reason} ${word}`.trimEnd()
  })
}
