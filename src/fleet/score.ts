/** Compares what was warned of with what ought to have been. */
import { TRUE_DETECTORS } from './recount.ts'
import type { Truth } from './simulate.ts'

/** One record: `stage` is a stage, or `resolved` or `retracted`; `date` is local. */
export type Scored = Readonly<{
  merchantId: string
  /** What befell the merchant; undefined where the truth does not know it. */
  cause: string | undefined
  detector: string
  subject: string
  stage: string
  date: string
}>

export type Score = Readonly<{
  /** In the truth and not said. */
  missing: readonly Scored[]
  /** Said and not in the truth: a false alarm, or a right one on another date. */
  unexpected: readonly (Scored & Readonly<{ isRuledOut: boolean }>)[]
  matched: number
}>

const JUDGED: ReadonlySet<string> = new Set(TRUE_DETECTORS)

/**
 * The same record twice is one too many. Records of detectors that the truth does not cover are
 * passed over. Raises a SyntaxError that names the line for what is no warning record.
 */
export function scoreOf(truth: Truth, warningLines: Iterable<string>): Score {
  const wanted = new Map<string, Scored[]>()
  for (const { merchantId, cause, expect } of truth.merchants) {
    for (const expected of expect) {
      const one = { merchantId, cause, ...expected }
      const key = keyOf(one)
      wanted.set(key, [...(wanted.get(key) ?? []), one])
    }
  }
  const known = new Map(truth.merchants.map((merchant) => [merchant.merchantId, merchant]))
  const unexpected: (Scored & { isRuledOut: boolean })[] = []
  let matched = 0
  for (const said of recordsOf(warningLines)) {
    if (!JUDGED.has(said.detector)) continue
    if (wanted.get(keyOf(said))?.pop() !== undefined) matched++
    else {
      const merchant = known.get(said.merchantId)
      const isRuledOut = merchant?.never.includes(said.detector) ?? false
      unexpected.push({ ...said, cause: merchant?.cause, isRuledOut })
    }
  }
  return { missing: [...wanted.values()].flat(), unexpected, matched }
}

function keyOf({ merchantId, detector, subject, stage, date }: Scored): string {
  return [merchantId, detector, subject, stage, date].join('\n')
}

function* recordsOf(lines: Iterable<string>): Generator<Scored> {
  let number = 0
  for (const line of lines) {
    number++
    if (line.trim() !== '') yield recordOf(line, number)
  }
}

function recordOf(line: string, number: number): Scored {
  const wrong = (cause?: unknown) =>
    new SyntaxError(`line ${number} is no warning record`, { cause })
  let record
  try {
    record = JSON.parse(line)
  } catch (error) {
    throw wrong(error)
  }
  const { subject: merchantId, time, data } = record ?? {}
  const { detector, subject, reason } = data ?? {}
  const stage = reason === 'resolved' || reason === 'retracted' ? reason : data?.stage
  const texts = [merchantId, time, detector, subject, stage]
  if (!texts.every((text) => typeof text === 'string')) throw wrong()
  // `time` is written in the zone of the account.
  return { merchantId, cause: undefined, detector, subject, stage, date: time.slice(0, 10) }
}

/** The difference for people: by merchant, what was missed and what was said in its place. */
export function differenceText({ missing, unexpected, matched }: Score): string {
  const lines = [
    ...missing.map((one) => ({ one, text: `  missing     ${textOf(one)}` })),
    ...unexpected.map((one) => {
      const note = one.isRuledOut ? '  (ruled out by the truth)' : ''
      return { one, text: `  unexpected  ${textOf(one)}${note}` }
    }),
  ]
  const byMerchant = Map.groupBy(lines, ({ one }) => one.merchantId)
  const blocks = [...byMerchant]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([merchantId, of]) => {
      const sorted = of.toSorted((a, b) => (a.one.date < b.one.date ? -1 : 1))
      const head = `${merchantId}  ${of.find(({ one }) => one.cause)?.one.cause ?? 'not in the truth'}`
      return [head, ...sorted.map(({ text }) => text)].join('\n')
    })
  const sum = `${matched} matched, ${missing.length} missing, ${unexpected.length} unexpected`
  return [...blocks, sum].join('\n')
}

function textOf({ date, detector, subject, stage }: Scored): string {
  return `${date}  ${detector}  ${subject}  ${stage}`
}
