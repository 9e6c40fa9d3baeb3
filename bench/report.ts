/** The figures of a run as text. */
import type { Spent } from './meter.ts'
import type { Cost, Costs } from './profile.ts'
import { TITLES } from './stage.ts'
import type { StageName, StageResult } from './stage.ts'

/** A stage with what the servers spent on it. */
export type Measured = StageResult &
  Readonly<{
    stage: StageName
    redisCpuSeconds: number
    brokerCpuSeconds: number | undefined
    /** Share of the machine that other processes took meanwhile. */
    othersShare: number | undefined
    redisBytesPerAccount?: number
  }>

export const COSTS_SHOWN = 5

export function rateOf({ records, seconds }: Spent): number {
  return records / seconds
}

export function cpuUsOf({ records, cpuSeconds }: Spent): number {
  return (cpuSeconds / records) * 1e6
}

/** One row for each stage: the median of its rounds by rate, and the range. */
export function tableOf(rounds: readonly Measured[]): string {
  const stages = byStage(rounds)
  const drain = stages.get('consume')?.middle
  const head = ['', 'records', 'k events/s', 'of drain', 'µs/event: worker', 'redis', 'broker']
  const tail = ['RSS', 'others', 'warm: k events/s', 'worker']
  const rows = [...stages].map(([stage, { middle, low, high }]) => {
    const { records } = middle.spent
    const { warm } = middle
    const us = (seconds: number | undefined) => fixed(seconds && (seconds / records) * 1e6, 2)
    const range = low === high ? '' : ` (${thousands(low.spent)}–${thousands(high.spent)})`
    return [
      TITLES[stage],
      records.toLocaleString('en'),
      thousands(middle.spent) + range,
      drain === undefined ? '–' : percent(rateOf(middle.spent) / rateOf(drain.spent)),
      us(middle.spent.cpuSeconds),
      us(middle.redisCpuSeconds),
      us(middle.brokerCpuSeconds),
      `${middle.spent.rssMb.toFixed(0)} MB`,
      middle.othersShare === undefined ? '–' : percent(middle.othersShare),
      thousands(warm),
      cpuUsOf(warm).toFixed(2),
    ]
  })
  return aligned([[...head, ...tail], ...rows])
}

export function summaryOf(rounds: readonly Measured[]): string {
  const stages = byStage(rounds)
  const forewarn = stages.get('forewarn')?.middle
  if (forewarn === undefined) return ''
  const { figures, spent, redisBytesPerAccount = 0 } = forewarn
  const of = (name: string) => figures[name] ?? 0
  const count = (name: string) => of(name).toLocaleString('en')
  const lines = [
    `Forewarn: ${count('commits')} commits of ${(spent.records / of('commits')).toFixed(0)} events; ` +
      `${count('warnings')} warning records, ${count('deadLetters')} dead letters, ` +
      `${count('published')} records published, the last ${of('publishedAfterSeconds').toFixed(1)} s ` +
      `after the last commit; ${count('storeErrors')} calls of Redis without an answer in time, ` +
      `${count('reloads')} reloads`,
    `Redis: ${redisBytesPerAccount.toFixed(0)} bytes an account`,
  ]
  for (const stage of ['per-batch', 'per-message', 'per-message-one'] as const) {
    const other = stages.get(stage)?.middle
    if (other === undefined) continue
    const whole = against(forewarn.spent, other.spent)
    lines.push(`Against ${TITLES[stage]}: ${whole}; warm ${against(forewarn.warm, other.warm)}`)
  }
  return lines.join('\n')
}

function against(ours: Spent, theirs: Spent): string {
  const faster = (rateOf(ours) / rateOf(theirs)).toFixed(1)
  const cheaper = (cpuUsOf(theirs) / cpuUsOf(ours)).toFixed(1)
  return `${faster} × the rate, 1/${cheaper} of the worker's CPU`
}

export function costsText({ functions, files, parts }: Costs): string {
  const top = (costs: readonly Cost[]) =>
    aligned(costs.slice(0, COSTS_SHOWN).map(({ name, share }) => [name, percent(share)]))
  return `By function, self time:\n${top(functions)}\nBy file:\n${top(files)}\nBy part:\n${top(parts)}`
}

type Row = Readonly<{ middle: Measured; low: Measured; high: Measured }>

function byStage(rounds: readonly Measured[]): ReadonlyMap<StageName, Row> {
  const grouped = Map.groupBy(rounds, ({ stage }) => stage)
  return new Map(
    [...grouped].map(([stage, of]) => {
      const [low, ...more] = of.toSorted((a, b) => rateOf(a.spent) - rateOf(b.spent)) as [Measured]
      const sorted = [low, ...more]
      const middle = sorted[sorted.length >> 1] ?? low
      return [stage, { middle, low, high: sorted.at(-1) ?? low }]
    }),
  )
}

function thousands(of: Spent): string {
  return (rateOf(of) / 1_000).toFixed(1)
}

function fixed(value: number | undefined, digits: number): string {
  return value === undefined ? '–' : value.toFixed(digits)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** The first column to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? '').length)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, at) =>
          at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}
