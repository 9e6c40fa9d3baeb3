/** Business calendars: versioned data, for nobody can compute next year's holidays. */
import { basename, dirname, extname, join } from 'node:path'
import { z } from 'zod'
import { dateOf, dayFromDate } from '../core/time.ts'
import type { Day } from '../core/time.ts'
import { kindOf, shippedPath, yamlFilesIn } from './paths.ts'
import { didYouMean, wrong } from './problem.ts'
import type { ConfigProblem, Wrong } from './problem.ts'
import { nameForm } from './forms.ts'
import { faultsOf, problemAt } from './schema-problems.ts'
import { readYamlFile } from './yaml-file.ts'

export type Calendar = Readonly<{
  name: string
  version: string
  /** Undefined in a year that is not loaded: nobody may take that for "no holidays". */
  isWorkingDay: (day: Day) => boolean | undefined
}>

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const SPAN = /^(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?$/

/** `2026-02-15..2026-02-23`, both included, or one date. */
const daysForm = z.string().transform((text, context): Day[] => {
  const [, from, to = from] = SPAN.exec(text) ?? []
  const [first, last] = [dayOf(from), dayOf(to)]
  if (first === undefined || last === undefined || last < first) {
    context.addIssue('expected a date, or two that rise: 2026-02-15..2026-02-23')
    return z.NEVER
  }
  if (dateOf(first).year !== dateOf(last).year) {
    context.addIssue('lies in two years: write a part under each')
    return z.NEVER
  }
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
})

function dayOf(text: string | undefined): Day | undefined {
  if (text === undefined) return undefined
  try {
    return dayFromDate(Temporal.PlainDate.from(text, { overflow: 'reject' }))
  } catch {
    return undefined
  }
}

const yearForm = z.strictObject({
  holidays: z.array(daysForm),
  /** Made up for on a weekend. */
  working: z.array(daysForm),
})

export const calendarForm = z
  .strictObject({
    calendar: nameForm,
    version: z.string().min(1),
    source: z.string().min(1),
    weekend: z.array(z.enum(WEEKDAYS)).max(6),
    /** Weekends are all it knows, in every year. */
    everyYear: z.literal(true).optional(),
    years: z.record(z.string().regex(/^\d{4}$/, 'expected a year'), yearForm),
  })
  .superRefine(({ weekend, years }, context) => {
    for (const [year, { holidays, working }] of Object.entries(years)) {
      const fault = (list: string, index: number, message: string) =>
        context.addIssue({ code: 'custom', message, path: ['years', year, list, index] })
      const off = new Set(holidays.flat())
      for (const [list, spans] of Object.entries({ holidays, working })) {
        spans.forEach(([first], index) => {
          if (dateOf(first!).year !== Number(year)) fault(list, index, `is not in ${year}`)
        })
      }
      working.forEach((days, index) => {
        if (days.some((day) => off.has(day))) fault('working', index, 'is a holiday, too')
        const isMadeUp = days.every((day) => weekend.includes(weekdayOf(day)))
        if (!isMadeUp) fault('working', index, 'is a working day anyway')
      })
    }
  })

function weekdayOf(day: Day): (typeof WEEKDAYS)[number] {
  return WEEKDAYS[dateOf(day).dayOfWeek - 1]!
}

export function loadCalendar(path: string): Readonly<{ kind: 'ok'; calendar: Calendar }> | Wrong {
  const file = readYamlFile(path)
  if (file.kind === 'wrong') return file
  const read = calendarForm.safeParse(file.value)
  if (!read.success) {
    return wrong(faultsOf(calendarForm, read.error).map((fault) => problemAt(file, fault)))
  }
  const { calendar: name, version, weekend, everyYear, years } = read.data
  if (name !== basename(path, extname(path))) {
    return wrong([problemAt(file, { path: ['calendar'], message: 'is not the name of its file' })])
  }
  const holidays = new Set(Object.values(years).flatMap((year) => year.holidays.flat()))
  const working = new Set(Object.values(years).flatMap((year) => year.working.flat()))
  function isWorkingDay(day: Day): boolean | undefined {
    const isLoaded = everyYear === true || Object.hasOwn(years, dateOf(day).year)
    if (!isLoaded) return undefined
    return working.has(day) || !(holidays.has(day) || weekend.includes(weekdayOf(day)))
  }
  return { kind: 'ok', calendar: { name, version, isWorkingDay } }
}

/** Beside the policies' folder, else as shipped. `said` is where a policy names it. */
export function findCalendar(
  name: string,
  policyPath: string,
  said: ConfigProblem,
): ReturnType<typeof loadCalendar> {
  const folders = [join(dirname(policyPath), '..', 'calendars'), shippedPath('calendars')]
  const found = folders.map((it) => join(it, `${name}.yaml`)).find((it) => kindOf(it) === 'file')
  if (found !== undefined) return loadCalendar(found)
  const names = folders.flatMap(yamlFilesIn).map((path) => basename(path, extname(path)))
  const message = `there is no calendars/${name}.yaml`
  return wrong([{ ...said, message, ...didYouMean(name, names) }])
}
