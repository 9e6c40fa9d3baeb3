/** When shops stay closed. For the look of the stream only: no rule of the truth reads it. */
import { dateText, dayFrom, type Day } from './civil.ts'

const FIXED: Readonly<Record<string, readonly string[]>> = {
  CN: ['01-01', '04-04', '05-01', '05-02', '10-01', '10-02', '10-03', '10-04'],
  DE: ['01-01', '05-01', '10-03', '12-25', '12-26'],
  US: ['01-01', '07-04', '11-27', '12-25'],
  JP: ['01-01', '01-02', '01-03', '05-03', '05-04', '05-05', '11-03', '11-23'],
}

/** First days of the lunar year. */
const LUNAR_YEARS = [
  '2023-01-22',
  '2024-02-10',
  '2025-01-29',
  '2026-02-17',
  '2027-02-06',
  '2028-01-26',
  '2029-02-13',
  '2030-02-03',
].map(dayFrom)

/** Days closed around the lunar new year: from its eve on. */
export function isSpringFestival(day: Day, closedDays: number): boolean {
  return LUNAR_YEARS.some((first) => day >= first - 1 && day < first - 1 + closedDays)
}

export function isHoliday(country: string, day: Day): boolean {
  return FIXED[country]?.includes(dateText(day).slice(5)) ?? false
}
