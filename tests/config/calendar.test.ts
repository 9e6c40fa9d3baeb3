import { expect, test } from 'vitest'
import { loadCalendar } from '../../src/config/calendar.ts'
import { shippedPath } from '../../src/config/paths.ts'
import { dayFromDate, dayText } from '../../src/core/time.ts'
import { folderOfFiles } from '../support/config.ts'

const day = (text: string) => dayFromDate(Temporal.PlainDate.from(text))

function shipped(name: string) {
  const loaded = loadCalendar(shippedPath('calendars', `${name}.yaml`))
  if (loaded.kind === 'wrong') throw new Error(JSON.stringify(loaded.problems))
  return loaded.calendar
}

/** Dates of a year on which Monday to Friday would be wrong. */
function unlikeWeekdays(name: string, year: number) {
  const calendar = shipped(name)
  const free: string[] = []
  const worked: string[] = []
  for (let it = day(`${year}-01-01`); it < day(`${year + 1}-01-01`); it++) {
    const isWeekday = Temporal.PlainDate.from(dayText(it)).dayOfWeek <= 5
    if (isWeekday && !calendar.isWorkingDay(it)) free.push(dayText(it).slice(5))
    if (!isWeekday && calendar.isWorkingDay(it)) worked.push(dayText(it).slice(5))
  }
  return { free: free.join(' '), worked: worked.join(' ') }
}

test('knows the Chinese holidays of 2026 and the weekend days worked for them', () => {
  expect(unlikeWeekdays('cn', 2026)).toEqual({
    free:
      '01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 ' +
      '10-01 10-02 10-05 10-06 10-07',
    worked: '01-04 02-14 02-28 05-09 09-20 10-10',
  })
})

test('knows those of 2025', () => {
  expect(unlikeWeekdays('cn', 2025)).toEqual({
    free:
      '01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 ' +
      '10-01 10-02 10-03 10-06 10-07 10-08',
    worked: '01-26 02-08 04-27 09-28 10-11',
  })
})

test('says nothing of a year that is not loaded', () => {
  expect(shipped('cn').isWorkingDay(day('2027-01-04'))).toBeUndefined()
  expect(shipped('cn').isWorkingDay(day('2024-12-31'))).toBeUndefined()
})

test('knows weekends of every year where it is asked for no more', () => {
  const { isWorkingDay } = shipped('default')
  expect(
    ['2031-01-03', '2031-01-04', '2031-01-05', '2031-01-06'].map((it) => isWorkingDay(day(it))),
  ).toEqual([true, false, false, true])
})

const RIGHT = `calendar: xx
version: '1'
source: somebody
weekend: [sat, sun]
years:
  2026:
    holidays: [2026-01-01..2026-01-03]
    working: [2026-01-04]
`

test.each<[from: string, to: string, problems: string[], shows: string]>([
  ['', '', [], 'the file is right'],
  [
    'calendar: xx',
    'calendar: yy',
    ['xx.yaml:1: calendar: is not the name of its file'],
    'one name',
  ],
  [
    '01-03]',
    '02-30]',
    ['xx.yaml:7: years.2026.holidays.0: expected a date, or two that rise: 2026-02-15..2026-02-23'],
    'a date that is none',
  ],
  [
    '..2026-01-03',
    '..2025-01-03',
    ['xx.yaml:7: years.2026.holidays.0: expected a date, or two that rise: 2026-02-15..2026-02-23'],
    'falls',
  ],
  [
    '..2026-01-03',
    '..2027-01-03',
    ['xx.yaml:7: years.2026.holidays.0: lies in two years: write a part under each'],
    'two years',
  ],
  [
    '  2026:',
    '  2025:',
    [
      'xx.yaml:7: years.2025.holidays.0: is not in 2025',
      'xx.yaml:8: years.2025.working.0: is not in 2025',
    ],
    'another year',
  ],
  ['[2026-01-04]', '[2026-01-03]', ['xx.yaml:8: years.2026.working.0: is a holiday, too'], 'both'],
  [
    '[2026-01-04]',
    '[2026-01-05]',
    ['xx.yaml:8: years.2026.working.0: is a working day anyway'],
    'a Monday',
  ],
  [
    'working',
    'workin',
    [
      'xx.yaml:6: years.2026.working: is missing: expected array',
      'xx.yaml:8: years.2026.workin: unknown key (did you mean "working"?)',
    ],
    'misspelt',
  ],
  ['  2026:', '  y26:', ['xx.yaml:6: years.y26: expected a year'], 'no year'],
  [
    'sat, sun',
    'sat, sunday',
    [
      'xx.yaml:4: weekend.1: Invalid option: expected one of "mon"|"tue"|"wed"|"thu"|"fri"|"sat"|"sun"',
    ],
    'no weekday',
  ],
])('%j → %j: %j (%s)', (from, to, problems, _shows) => {
  using files = folderOfFiles()
  expect(files.textOf(loadCalendar(files.write('xx.yaml', RIGHT.replace(from, to))))).toEqual(
    problems,
  )
})
