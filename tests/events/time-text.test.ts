import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isDay, isInstant, parseDay, parseInstant } from '../../src/events/time-text.ts'

describe('an instant', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0, 'the first'],
    ['2026-06-10T10:06:04.250+08:00', 1781057164250, 'offset and milliseconds'],
    ['2026-06-10T02:06:04.25Z', 1781057164250, 'two digits of a fraction'],
    ['2026-06-10T02:06:04.2Z', 1781057164200, 'one digit'],
    ['2026-06-10T02:06:04.250999999Z', 1781057164250, 'nine digits, cut off'],
    ['2026-06-09T21:06:04.250-05:00', 1781057164250, 'west of Greenwich'],
    ['2024-02-29T00:00:00Z', 1709164800000, 'a leap day'],
    ['2026-06-10T00:00:00+00:00', 1781049600000, 'a zero offset with a plus'],
    ['9998-12-31T23:59:59Z', 253370764799000, 'the last year'],
    ['1970-01-01T23:59:00+23:59', 0, 'the widest offset'],
  ])('%s', (text, atMs) => {
    expect(parseInstant(text)).toBe(atMs)
    expect(isInstant(text)).toBe(true)
  })

  test.each([
    ['2026-02-30T00:00:00Z', 'no such day'],
    ['2026-02-29T00:00:00Z', 'no leap year'],
    ['1900-02-29T00:00:00Z', 'a century is no leap year'],
    ['2026-01-01T24:00:00Z', 'no hour 24'],
    ['2026-01-01T00:60:00Z', 'no minute 60'],
    ['2016-12-31T23:59:60Z', 'no leap second'],
    ['2026-01-01T00:00:00', 'no zone'],
    ['2026-01-01T00:00:00+25:00', 'no such offset'],
    ['2026-01-01T00:00:00+08:60', 'no such offset minute'],
    ['2026-01-01T00:00:00-00:00', 'an offset not known'],
    ['2026-01-01T00:00:00z', 'lower case z'],
    ['2026-01-01t00:00:00Z', 'lower case t'],
    ['2026-01-01 00:00:00Z', 'a space'],
    ['2026-01-01T00:00:00,5Z', 'a comma'],
    ['2026-01-01T00:00:00.Z', 'an empty fraction'],
    ['2026-01-01T00:00:00.0123456789Z', 'ten digits of a fraction'],
    ['2026-01-01T00:00:00.012345678901234567890123456789Z', 'thirty'],
    ['2026-01-01T00:00Z', 'no seconds'],
    ['2026-01-01T00:00:00+08', 'a short offset'],
    ['2026-01-01T00:00:00+0800', 'an offset without its colon'],
    ['2026-01-01T00:00:00ZZ', 'more behind it'],
    ['2026-01-01T00:00:00Z ', 'a blank behind it'],
    ['1', 'a number'],
    ['1781057164250', 'epoch milliseconds'],
    ['', 'nothing'],
    ['0001-01-01T00:00:00Z', 'year 1'],
    ['9999-01-01T00:00:00Z', 'year 9999'],
    ['+010000-01-01T00:00:00Z', 'a long year'],
    ['1969-12-31T23:59:59Z', 'before 1970'],
    ['1970-01-01T00:00:00+08:00', 'before 1970 in UTC'],
    ['２026-01-01T00:00:00Z', 'a digit of another script'],
  ])('%s is none: %s', (text) => {
    expect(parseInstant(text)).toBeUndefined()
    expect(isInstant(text)).toBe(false)
  })

  test('agrees with Temporal on every instant and offset', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 86_400_000, max: 253370678400000 }),
        fc.integer({ min: -1439, max: 1439 }),
        (atMs, offset) => {
          const sign = offset < 0 ? '-' : '+'
          const zone = `${sign}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`
          const text = Temporal.Instant.fromEpochMilliseconds(atMs)
            .toZonedDateTimeISO(zone)
            .toString({ timeZoneName: 'never', fractionalSecondDigits: 3 })
          expect(parseInstant(text)).toBe(atMs)
        },
      ),
    )
  })
})

describe('a date', () => {
  test.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2026-06-10', 20614],
    ['2000-02-29', 11016],
    ['9999-12-31', 2932896],
    ['0001-01-01', -719162],
  ])('%s', (text, day) => {
    expect(parseDay(text)).toBe(day)
    expect(isDay(text)).toBe(true)
  })

  test.each([
    '2026-02-29',
    '2026-00-10',
    '2026-13-01',
    '2026-04-31',
    '2026-06-00',
    '0000-01-01',
    '2026-6-1',
    '20260610',
    '2026-06-10T00:00:00Z',
    '2026-06-10 ',
    '2026/06/10',
    '',
  ])('%j is none', (text) => {
    expect(parseDay(text)).toBeUndefined()
    expect(isDay(text)).toBe(false)
  })

  test('agrees with Temporal on every day', () => {
    const epoch = Temporal.PlainDate.from('1970-01-01')
    fc.assert(
      fc.property(fc.integer({ min: -719162, max: 2932896 }), (day) => {
        expect(parseDay(epoch.add({ days: day }).toString())).toBe(day)
      }),
    )
  })
})

function two(value: number): string {
  return `${Math.floor(value)}`.padStart(2, '0')
}
