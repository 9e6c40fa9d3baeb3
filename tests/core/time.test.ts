import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addMonths,
  createZone,
  createZones,
  dateOf,
  dayFromDate,
  dayText,
} from '../../src/core/time.ts'

const dayOfText = (text: string) => dayFromDate(Temporal.PlainDate.from(text))

describe('days', () => {
  test.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2000-02-29', 11_016],
    ['2026-06-10', 20_614],
  ])('%s is day %i', (text, day) => {
    expect(dayOfText(text)).toBe(day)
    expect(dayText(day)).toBe(text)
    expect(dateOf(day).toString()).toBe(text)
  })

  test.each([
    ['2025-11-30', 3, '2026-02-28', 'to the last of February'],
    ['2023-11-30', 3, '2024-02-29', 'of a leap year'],
    ['2024-02-29', 12, '2025-02-28', 'from a leap day'],
    ['2026-08-31', 3, '2026-11-30', 'a month of thirty days'],
    ['2026-02-28', 3, '2026-05-28', 'from a last day, not to one'],
    ['2026-12-15', 1, '2027-01-15', 'over the new year'],
    ['2026-06-10', 0, '2026-06-10', 'none'],
  ])('%s and %i months is %s (%s)', (from, months, to) => {
    expect(dayText(addMonths(dayOfText(from), months))).toBe(to)
  })
})

test('agrees with the calendar on every date and month', () => {
  const day = fc.integer({ min: -30_000, max: 100_000 })
  const check = fc.property(day, fc.integer({ min: 0, max: 60 }), (at, months) => {
    const date = Temporal.PlainDate.from('1970-01-01').add({ days: at })
    expect(dayText(at)).toBe(date.toString())
    expect(dayFromDate(date)).toBe(at)
    expect(dayText(addMonths(at, months))).toBe(date.add({ months }).toString())
  })
  fc.assert(check, { seed: 7, numRuns: 2_000 })
})

/** Round the days on which clocks change, or a date is missing altogether. */
const DATES = [
  ...['1970-01-01', '1969-12-31', '1987-10-18', '2010-11-07', '2011-12-29', '2011-12-30'],
  ...['1994-12-31', '2015-08-15', '2016-02-29', '2026-03-08', '2026-03-29', '2026-04-05'],
  ...['2026-06-10', '2026-09-06', '2026-10-25', '2026-11-01', '2037-03-29'],
]

test('every zone agrees with the calendar: what the date is, and when it begins', () => {
  const names = Intl.supportedValuesOf('timeZone')
  expect(names.length).toBeGreaterThan(400)
  for (const name of names) {
    const zone = createZone(name)
    for (const text of DATES) {
      const date = Temporal.PlainDate.from(text)
      const startMs = date.toZonedDateTime(name).epochMilliseconds
      expect(zone.startMs(dayFromDate(date)), `${name} ${text}`).toBe(startMs)
      for (const atMs of [startMs - 1, startMs, startMs + 7_200_000, startMs + 86_000_000]) {
        const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(name)
        expect(dayText(zone.dayOf(atMs)), `${name} ${atMs}`).toBe(local.toPlainDate().toString())
      }
    }
  }
}, 30_000)

test('any instant, in any order, has its date', () => {
  const names = ['Asia/Shanghai', 'America/Santiago', 'Pacific/Apia', 'Australia/Lord_Howe', 'UTC']
  const zones = names.map(createZone)
  const instant = fc.integer({ min: Date.parse('1980-01-01'), max: Date.parse('2040-01-01') })
  fc.assert(
    fc.property(fc.constantFrom(...zones), instant, (zone, atMs) => {
      const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone.name)
      const day = zone.dayOf(atMs)
      expect(dayText(day)).toBe(local.toPlainDate().toString())
      expect(zone.startMs(day)).toBeLessThanOrEqual(atMs)
      expect(zone.startMs(day + 1)).toBeGreaterThan(atMs)
    }),
    { seed: 1, numRuns: 1_000 },
  )
})

test('a day that clocks skip midnight of begins an hour later', () => {
  const zone = createZone('America/Santiago')
  expect(zone.text(zone.startMs(dayOfText('2026-09-06')))).toBe('2026-09-06T01:00:00-03:00')
})

test('a date that a zone left out begins and ends at one instant', () => {
  const zone = createZone('Pacific/Apia')
  const missing = dayOfText('2011-12-30')
  expect(zone.startMs(missing)).toBe(zone.startMs(missing + 1))
  expect(dayText(zone.dayOf(zone.startMs(missing)))).toBe('2011-12-31')
})

test.each([
  [
    '2026-06-10T10:06:04.250+08:00',
    '2026-06-10T10:06:04.250+08:00',
    'milliseconds where there are any',
  ],
  ['2026-06-10T02:06:04Z', '2026-06-10T10:06:04+08:00', 'none where they are zero'],
  ['2026-06-09T16:00:00Z', '2026-06-10T00:00:00+08:00', 'seconds always'],
])('%s is written %s (%s)', (given, expected) => {
  expect(createZone('Asia/Shanghai').text(Date.parse(given))).toBe(expected)
})

test('a name that is no zone is refused, and one that is is made once', () => {
  const zoneOf = createZones()
  expect(() => zoneOf('Mars/Olympus')).toThrow(RangeError)
  expect(zoneOf('Asia/Tokyo')).toBe(zoneOf('Asia/Tokyo'))
  expect(zoneOf('Asia/Tokyo').name).toBe('Asia/Tokyo')
})
