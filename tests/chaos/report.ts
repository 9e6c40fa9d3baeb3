/** What a run has found, as figures and as a table. */
import type { Compared } from './compare.ts'
import type { Ending } from './instances.ts'
import type { Exercise } from './lanes.ts'
import type { Kills } from './world.ts'

export type Findings = Readonly<{
  versions: Readonly<Record<'kafka' | 'redis' | 'node', string>>
  brokers: number
  seed: number
  seconds: number
  /** In the topic, told twice and refused included. */
  records: number
  /** As readers of either isolation level hear them. */
  warnings: Readonly<Record<'committed' | 'uncommitted', Compared>>
  deadLetters: Readonly<Record<'committed' | 'uncommitted', Compared>>
  wrongState: readonly string[]
  kills: Readonly<Kills>
  exercises: readonly Exercise[]
  endings: readonly Ending[]
  lastWords: readonly string[]
  /** Of the rolling restarts and of others. */
  termMaxMs: number | undefined
  /** Of the last phase: what had to be noticed and was not as it should. */
  incidents: readonly string[]
  wrongIncidents: readonly string[]
}>

export type Row = Readonly<{
  fault: string
  times: number
  records: number
  missing: number
  duplicates: number
  medianMs: number | undefined
  maxMs: number | undefined
}>

/**
 * What is missing or doubled counts for every fault that lasted when it was due or written; where none
 * did, for the one that began last before: what a fault leaves behind may come to light later.
 */
export function rowsOf({ exercises, warnings, deadLetters }: Findings): readonly Row[] {
  const all = [...Object.values(warnings), ...Object.values(deadLetters)]
  const missing = blamed(
    exercises,
    all.flatMap((it) => it.missing.map(({ atMs }) => atMs)),
  )
  const doubled = blamed(
    exercises,
    all.flatMap((it) => it.duplicates.map(({ atMs }) => atMs)),
  )
  return [...Map.groupBy(exercises, ({ name }) => name)]
    .map(([fault, its]): Row => {
      const recoveries = its.flatMap(({ recoveryMs }) => recoveryMs ?? []).toSorted((a, b) => a - b)
      return {
        ...{ fault, times: its.length },
        ...{ missing: missing.get(fault) ?? 0, duplicates: doubled.get(fault) ?? 0 },
        records: its.reduce((sum, { records }) => sum + records, 0),
        medianMs: recoveries[recoveries.length >> 1],
        maxMs: recoveries.at(-1),
      }
    })
    .toSorted((a, b) => (a.fault < b.fault ? -1 : 1))
}

/** By name of the fault. */
function blamed(exercises: readonly Exercise[], instants: readonly number[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const atMs of instants) {
    const before = exercises.filter(({ fromMs }) => fromMs <= atMs)
    const during = before.filter(({ toMs = Infinity }) => atMs <= toMs)
    const last = before.toSorted((a, b) => a.fromMs - b.fromMs).slice(-1)
    const names = (during.length > 0 ? during : last).map(({ name }) => name)
    for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** Why the run has failed; empty: it has not. */
export function faultsOf(findings: Findings): readonly string[] {
  const { warnings, deadLetters, exercises, wrongState, wrongIncidents } = findings
  const compared = [...labelled('warnings', warnings), ...labelled('dead letters', deadLetters)]
  const stuck = exercises.filter(({ recoveryMs }) => recoveryMs === undefined)
  const failed = exercises.filter(({ failure }) => failure !== undefined)
  return [
    ...compared.flatMap(([label, it]) => complaintsOf(label, it)),
    ...wrongState,
    ...wrongIncidents,
    ...stuck.map(({ name }) => `${name}: some partition did not move again`),
    ...failed.map(({ name, failure }) => `${name}: could not be exercised: ${failure}`),
  ]
}

function labelled(
  what: string,
  by: Readonly<Record<string, Compared>>,
): readonly (readonly [string, Compared])[] {
  return Object.entries(by).map(([level, it]) => [`${what}, read ${level}`, it])
}

const SHOWN = 3

function complaintsOf(label: string, it: Compared): string[] {
  const { missing, duplicates, extra, falseAbsence, disordered } = it
  const counts: [string, readonly string[]][] = [
    ['missing', missing.map(({ id }) => id)],
    ['duplicates', duplicates.map(({ id }) => id)],
    ['not in the oracle', extra.map(({ id }) => id)],
    ['false absence', falseAbsence.map(({ id }) => id)],
    ['accounts in another order', disordered],
  ]
  return counts
    .filter(([, found]) => found.length > 0)
    .map(([what, found]) => {
      return `${label}: ${found.length} ${what}: ${found.slice(0, SHOWN).join(' ')}`
    })
}

const count = (n: number): string => n.toLocaleString('en')
const seconds = (ms: number | undefined): string =>
  ms === undefined ? '–' : (ms / 1_000).toFixed(1)

const HEAD = [
  '| fault | times | records meanwhile | missing | duplicates | recovery s, median | max |',
  '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
]

export function reportText(findings: Findings): string {
  const { versions, brokers, seed, records, kills, warnings, deadLetters } = findings
  const rows = rowsOf(findings).map(
    ({ fault, times, records, missing, duplicates, medianMs, maxMs }) =>
      `| ${fault} | ${times} | ${count(records)} | ${missing} | ${duplicates} | ` +
      `${seconds(medianMs)} | ${seconds(maxMs)} |`,
  )
  const sum = (of: (it: Compared) => readonly unknown[]): number =>
    [...Object.values(warnings), ...Object.values(deadLetters)].reduce(
      (total, it) => total + of(it).length,
      0,
    )
  const { committed } = warnings
  const unasked = findings.endings.filter(({ isAsked, code }) => !isAsked && code !== 0)
  return [
    `Kafka ${versions.kafka} (${brokers} broker${brokers === 1 ? '' : 's'}), Redis ` +
      `${versions.redis}, Node ${versions.node}; seed ${seed}, ${Math.round(findings.seconds)} s`,
    '',
    ...HEAD,
    ...rows,
    '',
    `${count(records)} records, ${count(committed.expected)} warnings and ` +
      `${count(deadLetters.committed.expected)} dead letters expected`,
    `kills: ${kills.instance + kills.redis + kills.broker} (instances ${kills.instance}, ` +
      `Redis ${kills.redis}, brokers ${kills.broker}); ${findings.exercises.length} faults in all`,
    `missing ${sum((it) => it.missing)}, duplicates ${sum((it) => it.duplicates)}, ` +
      `false absence warnings ${sum((it) => it.falseAbsence)}, not in the oracle ` +
      `${sum((it) => it.extra)}, out of order ${sum((it) => it.disordered)}, ` +
      `wrong in the state ${findings.wrongState.length}`,
    `SIGTERM to exit: ${seconds(findings.termMaxMs)} s at most; ended by themselves: ` +
      `${unasked.length}`,
    ...findings.incidents.map((it) => `incident: ${it}`),
  ].join('\n')
}
