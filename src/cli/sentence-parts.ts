/** Dates, amounts and ids as parts of a sentence. */
import { dateOf, dayFromDate } from '../core/time.ts'
import type { Day } from '../core/time.ts'
import type { WarningRecord } from '../core/warning.ts'
import { minorUnits } from '../events/currencies.ts'

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `15 Apr 2026`. */
export function dateText(day: Day): string {
  const { day: ofMonth, month, year } = dateOf(day)
  return `${ofMonth} ${MONTHS[month - 1]} ${year}`
}

/** `on 15 Apr 2026 (30 days left)`, and in other words when it is near or over. */
export function onText(day: Day, today: Day): string {
  const left = day - today
  if (left === 0) return `today, ${dateText(day)}`
  if (left === 1) return `tomorrow, ${dateText(day)}`
  return left < 0 ? `since ${dateText(day)}` : `on ${dateText(day)} (${left} days left)`
}

/** A date among the detector's own values; undefined where it is not given. */
export function seenDate({ seen }: WarningRecord, name: string): Day | undefined {
  const text = seen?.[name]
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  return dayFromDate(Temporal.PlainDate.from(text))
}

/** `1,234.50 CNY`, from minor units; XXX is no currency and not named. */
export function amountText(minor: number, currency: string): string {
  const digits = minorUnits(currency)
  const text = (minor / 10 ** digits).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return currency === 'XXX' ? text : `${text} ${currency}`
}

/** `T2` of `terminal:T2:reverify`, its own separators decoded. */
export function idOf(subject: string): string {
  return (subject.split(':')[1] ?? '').replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

/** `a, b or c`. */
export function either(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
