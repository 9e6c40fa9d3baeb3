/** The newest warnings and a few totals since the start, kept in memory for the status page. */
import type { Observer } from '../core/observer.ts'
import { dayText } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'
import type { Stage, WarningRecord } from '../core/warning.ts'

const KEPT_MAX = 200

/** No evidence and no figures: those are in the warnings topic, for those who may read it. */
export type WarningView = Readonly<{
  atMs: EpochMs
  zone: string
  detector: string
  stage: string
  reason: string
  /** `YYYY-MM-DD`. */
  consequenceDate: string | undefined
  consequence: string
  /** Its last characters only. */
  merchant: string
}>

export type Totals = Readonly<{
  /** Records that told a stage. */
  told: Readonly<Record<Stage, number>>
  resolved: number
  retracted: number
  applied: number
  deadLetters: readonly (readonly [code: string, count: number])[]
}>

export type RecentWarnings = Readonly<{
  /** Listens, and passes everything on. */
  observer: Observer
  /** Newest decision first, 200 at most. */
  newest: () => readonly WarningView[]
  totals: () => Totals
}>

export function createRecentWarnings(next: Observer): RecentWarnings {
  // In order of decision; after a reload the same record is decided again and counts once.
  const kept = new Map<string, WarningView>()
  const told = { notice: 0, warning: 0, 'final-warning': 0, 'consequence-due': 0 }
  const ended = { resolved: 0, retracted: 0 }
  const deadLetters = new Map<string, number>()
  let applied = 0

  function keep(record: WarningRecord): void {
    const { tenant, merchantId, sequence, reason, stage } = record
    const name = `${tenant}\n${merchantId}\n${sequence}`
    if (kept.has(name)) return
    kept.set(name, viewOf(record))
    const [oldest] = kept.keys()
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
    if (reason === 'opened' || reason === 'raised') told[stage]++
    else ended[reason]++
  }

  return {
    observer: {
      ...next,
      warning: (record, leadMs) => {
        keep(record)
        next.warning(record, leadMs)
      },
      outcome: (outcome, count) => {
        if (outcome === 'applied') applied += count
        next.outcome(outcome, count)
      },
      deadLetter: (code) => {
        deadLetters.set(code, (deadLetters.get(code) ?? 0) + 1)
        next.deadLetter(code)
      },
    },
    newest: () => [...kept.values()].toReversed(),
    totals: () => ({
      told: { ...told },
      ...ended,
      applied,
      deadLetters: [...deadLetters].toSorted(([, a], [, b]) => b - a),
    }),
  }
}

function viewOf(record: WarningRecord): WarningView {
  const { atMs, zone, detector, stage, reason, consequence, consequenceOn, merchantId } = record
  return {
    ...{ atMs, zone, detector, stage, reason, consequence },
    consequenceDate: consequenceOn === undefined ? undefined : dayText(consequenceOn),
    merchant: masked(merchantId),
  }
}

const SHOWN = 4

/** The last four characters, and never more than half of an id. */
export function masked(id: string): string {
  const characters = [...id]
  const shown = Math.min(SHOWN, Math.floor(characters.length / 2))
  return `…${characters.slice(characters.length - shown).join('')}`
}
