/** Mean daily figures of merchants alike, for accounts whose own history is too short. */
import { z } from 'zod'
import type { Cohort } from '../core/policy.ts'
import { wrong } from './problem.ts'
import type { Wrong } from './problem.ts'
import { faultsOf, problemAt } from './schema-problems.ts'
import { readYamlFile } from './yaml-file.ts'

/** By declared monthly scale in major units, upper ends exclusive; `any` where no other row is. */
const BANDS = ['<10000', '<100000', '>=100000', 'any'] as const
type Band = (typeof BANDS)[number]

const rowForm = z.strictObject({
  mcc: z.string().regex(/^\d{4}$/, "expected four digits, as '5411'"),
  band: z.enum(BANDS),
  count: z.number().positive().optional(),
  sum: z.number().positive().optional(),
})
type Row = z.output<typeof rowForm>

export const cohortsForm = z
  .strictObject({ version: z.string().min(1), cohorts: z.array(rowForm) })
  .superRefine(({ cohorts }, context) => {
    const seen = new Set<string>()
    cohorts.forEach((row, index) => {
      const path = ['cohorts', index]
      if (seen.has(keyOf(row.mcc, row.band))) {
        context.addIssue({ code: 'custom', path, message: 'the same mcc and band stand above' })
      }
      seen.add(keyOf(row.mcc, row.band))
    })
  })

export type CohortOf = (
  mcc: string | undefined,
  monthlyScale: number | undefined,
) => Cohort | undefined

export type Cohorts = Readonly<{
  kind: 'ok'
  /** As written: part of what a policy's hash is taken of. */
  rows: readonly Row[]
  cohortOf: CohortOf
}>

export function loadCohorts(path: string): Cohorts | Wrong {
  const file = readYamlFile(path)
  if (file.kind === 'wrong') return file
  const read = cohortsForm.safeParse(file.value)
  if (!read.success) {
    return wrong(faultsOf(cohortsForm, read.error).map((fault) => problemAt(file, fault)))
  }
  const rows = read.data.cohorts
  const byMcc = new Map<string, Map<Band, Cohort>>()
  for (const { mcc, band, ...figures } of rows) {
    const byBand = byMcc.get(mcc) ?? new Map<Band, Cohort>()
    byMcc.set(mcc, byBand.set(band, figures as Cohort))
  }
  function cohortOf(mcc: string | undefined, monthlyScale: number | undefined): Cohort | undefined {
    if (mcc === undefined) return undefined
    const byBand = byMcc.get(mcc)
    return byBand?.get(bandOf(monthlyScale)) ?? byBand?.get('any')
  }
  return { kind: 'ok', rows, cohortOf }
}

function bandOf(monthlyScale: number | undefined): Band {
  if (monthlyScale === undefined) return 'any'
  if (monthlyScale < 10_000) return '<10000'
  return monthlyScale < 100_000 ? '<100000' : '>=100000'
}

function keyOf(mcc: string, band: Band): string {
  return `${mcc} ${band}`
}
