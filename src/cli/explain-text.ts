/** An explanation for people: aligned, a line for each fact, no colour. */
import type {
  ClockNow,
  DetectorNow,
  Explanation,
  OpenNow,
  StageNow,
  Suppressed,
} from '../core/explanation.ts'
import { dayFromDate } from '../core/time.ts'
import type { Zone } from '../core/time.ts'
import type { WarningRecord } from '../core/warning.ts'
import { warnsOf } from './detector-words.ts'
import { climbText, countText, limitCells, WHY } from './explain-words.ts'
import { clearsSentence, sentenceOf } from './sentences.ts'

export function explanationText(its: Explanation, zoneOf: (name: string) => Zone): string {
  const clocks = its.detectors.filter(({ clocks: all }) => all.length > 0)
  const rules = its.detectors.filter(({ windows }) => windows.length > 0)
  return [
    ...head(its),
    ...section(
      'Open warnings',
      its.warnings.flatMap((it) => warning(its, it, zoneOf)),
      'none',
    ),
    ...section('Clocks', clocks.flatMap(clocksOf), 'none is running'),
    ...section(
      'Limits, as measured now',
      rules.flatMap((it) => rule(its, it)),
    ),
    ...section('Held back', columns(its.suppressed.map(suppressed)), 'nothing'),
    ...section('Off by policy', names(its.detectors)),
  ].join('\n')
}

function section(title: string, lines: readonly string[], whenEmpty?: string): string[] {
  if (lines.length === 0 && whenEmpty === undefined) return []
  if (lines.length === 0) return ['', `${title}: ${whenEmpty}`]
  return ['', title, ...lines.map((line) => `  ${line}`)]
}

function head({ merchantId, tenant, at, account, policy }: Explanation): string[] {
  const { state, country, mcc, currency, zone, lastActivityAt, terminals, pauses } = account
  const known = [state, country, mcc && `MCC ${mcc}`, currency, zone]
  const last = lastActivityAt === undefined ? 'none' : when(lastActivityAt)
  return [
    `${merchantId} (tenant ${tenant}) as of ${at}`,
    `  ${known.filter((it) => it !== undefined).join(' · ')} · profile ${policy.profile} ${policy.hash}`,
    `  last payment ${last}`,
    ...columns(
      terminals.map(({ terminalId, role, isLive, lastActivityAt: sold, hasBacklog }) => [
        `  terminal ${terminalId}`,
        isLive ? role : 'gone',
        sold === undefined ? 'no payment' : `last payment ${when(sold)}`,
        hasBacklog ? 'stored sales to forward' : '',
      ]),
    ),
    ...pauses.map(({ from, to, end }) => {
      return `  pause ${from} to ${to}${end === to ? '' : `, ended ${end}`}`
    }),
  ]
}

function warning(its: Explanation, it: OpenNow, zoneOf: (name: string) => Zone): string[] {
  const { detector, subject, stage, stageAt, consequence, consequenceDate, source } = it
  const then = consequenceDate === undefined ? '' : ` on ${consequenceDate}`
  const record = recordOf(its, it, zoneOf)
  const isWindow = its.detectors.find((of) => of.detector === detector)?.kind === 'behaviour'
  const clears = clearsSentence(record)
  return [
    `${stage} since ${when(stageAt)}: ${detector} ${subject} [${source}], ${consequence}${then}`,
    `    ${isWindow ? `It warns when ${warnsOf(detector)}.` : sentenceOf(record)}`,
    ...(clears === undefined ? [] : [`    ${clears}`]),
    ...(it.endsOnIfQuiet === undefined
      ? []
      : [`    It ends by itself on ${it.endsOnIfQuiet}, if nothing more is found until then.`]),
  ]
}

/** As the sentences want it. What only the record of the stage knew is left open. */
function recordOf(
  { tenant, merchantId, at, account, policy, detectors }: Explanation,
  it: OpenNow,
  zoneOf: (name: string) => Zone,
): WarningRecord {
  const { consequenceDate, detector, subject } = it
  const atMs = Temporal.Instant.from(at).epochMilliseconds
  const clock = detectors
    .find((of) => of.detector === detector)
    ?.clocks.find((of) => of.subject === subject)
  return {
    ...{ tenant, merchantId, detector, subject, detectorVersion: 0, sequence: 0 },
    ...{ reason: 'opened', stage: it.stage, openedMs: atMs, openedBy: '', atMs },
    ...{ zone: zoneOf(account.zone).name, consequence: it.consequence, source: it.source },
    ...(consequenceDate === undefined
      ? {}
      : { consequenceOn: dayFromDate(Temporal.PlainDate.from(consequenceDate)) }),
    ...(clock === undefined ? {} : { value: clock.value, unit: clock.unit }),
    ...(it.seen === undefined ? {} : { seen: it.seen }),
    ...{ clears: it.clears, audience: it.audience, terminalIds: it.terminalIds },
    ...{ profile: policy.profile, policyHash: policy.hash, isAbsence: false },
  }
}

/** One that is held wholly is told in a line. */
function clocksOf({ detector, source, clocks }: DetectorNow): string[] {
  return clocks.flatMap((clock) => {
    const { subject, stages, consequence, consequenceDate } = clock
    const isHeld = stages.every(({ state }) => state === 'held')
    const then = consequenceDate === undefined ? '' : `, ${consequence} ${consequenceDate}`
    return [
      `${detector} ${subject} [${source}]: ${stands(clock)}${isHeld ? then : ''}`,
      ...(isHeld ? [] : columns(stages.map((it) => stageLine(it, clock)))).map(indented),
    ]
  })
}

const indented = (line: string): string => `    ${line}`

function stands({ stage, value, unit, from, held, endsOn }: ClockNow): string {
  const since = from === undefined ? countText(value, unit) : sinceText(value, from)
  const why = held === undefined ? '' : `, held: ${WHY[held] ?? held}`
  const end = endsOn === undefined ? '' : `, ends on ${endsOn}`
  return `${stage ?? 'quiet'}, ${since}${why}${end}`
}

function sinceText(days: number, from: string): string {
  if (days === 0) return `on the day of ${from}`
  const away = countText(Math.abs(days), 'days')
  return days < 0 ? `${away} before ${from}` : `${away} after ${from}`
}

const MARKS: Readonly<Record<StageNow['state'], string>> = {
  passed: 'passed over',
  told: 'told',
  due: 'due now',
  next: '← next',
  later: '',
  held: 'held',
}

function stageLine({ stage, threshold, on, at, state }: StageNow, clock: ClockNow): string[] {
  const { consequence, unit } = clock
  const late = at !== undefined && on !== undefined && !at.startsWith(on) ? `, at ${when(at)}` : ''
  const what = stage === 'consequence-due' ? consequence : ''
  return [stage, on === undefined ? countText(threshold, unit) : `${on}${late}`, what, MARKS[state]]
}

function rule(its: Explanation, of: DetectorNow): string[] {
  const { detector, source, windows, hits, climbs } = of
  const lines = windows.flatMap((it) => {
    return it.limits.map((limit, at) => {
      const isFirst = at === 0
      const verdict = it.isHit ? 'HOLDS' : ''
      const why = it.held === undefined ? '' : `not told: ${WHY[it.held] ?? it.held}`
      const cells = limitCells(limit, it, its.account.currency)
      return [isFirst ? it.rule : '', ...cells, isFirst ? verdict : '', isFirst ? why : '']
    })
  })
  const known = hits.map((it) => `${it.on} ${it.rule}`).join(', ')
  return [
    `${detector} [${source}]${of.silentUntil === undefined ? '' : `, silent until ${of.silentUntil}`}`,
    ...columns(lines).map(indented),
    ...(known === '' ? [] : [`    hits: ${known}`]),
    ...climbs.map(({ stage, by }) => `    ${stage}: ${by.map(climbText).join(', or ')}`),
  ]
}

function suppressed({ detector, subject = '', why, until, count }: Suppressed): string[] {
  const times = count === undefined ? '' : `${count} ×`
  const end = until === undefined ? '' : `until ${until.includes('T') ? when(until) : until}`
  return [detector ?? 'all of it', subject, WHY[why] ?? why, end, times]
}

function names(detectors: readonly DetectorNow[]): string[] {
  return detectors.filter(({ state }) => state === 'disarmed').map(({ detector }) => detector)
}

/** `2026-03-16 00:00`. */
const when = (at: string): string => at.slice(0, 16).replace('T', ' ')

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]!.length)))
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd(),
  )
}
