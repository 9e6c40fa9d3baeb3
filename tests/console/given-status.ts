/** A console with something to show: one partition of each state, a few warnings, some dead letters. */
import type { Observer } from '../../src/core/observer.ts'
import { SILENT } from '../../src/core/observer.ts'
import { createRecentWarnings } from '../../src/console/recent-warnings.ts'
import type { PartitionView, StatusSources } from '../../src/console/status.ts'
import { dayOf, warningRecord } from '../support/warning-record.ts'

export const NOW_MS = Date.parse('2026-04-15T00:00:20Z')

const partition = (at: number, differing: Partial<PartitionView> = {}): PartitionView => ({
  ...{ partition: at, phase: 'ok', position: 7_012, end: 7_012, clockMs: NOW_MS - 60_000 },
  ...{ lagRecords: 0, outbox: 0, waitsFor: [], policy: 'd00d1e5f0e12', incident: undefined },
  ...differing,
})

export const PARTITIONS: readonly PartitionView[] = [
  partition(0),
  partition(1, { phase: 'catching-up', position: 1_200_345, end: 1_310_000, lagRecords: 109_655 }),
  partition(2, { phase: 'blind', outbox: 12, waitsFor: ['store'], clockMs: NOW_MS - 3_725_000 }),
  partition(3, {
    ...{ phase: 'stopped', position: undefined, end: undefined, lagRecords: undefined },
    clockMs: undefined,
    incident: {
      ...{ kind: 'retention-gap', fromOffset: 5_000, toOffset: 9_200, atMs: NOW_MS - 600_000 },
      message: 'These records were deleted before they were read.',
    },
  }),
]

export function givenStatus(differing: Partial<StatusSources> = {}, next: Observer = SILENT) {
  const recent = createRecentWarnings(next)
  const status: StatusSources = {
    ...{ version: '1.2.3', topic: 'terminal.events', startedMs: NOW_MS - 183_600_000 },
    policy: () => [{ profile: 'cn', hash: '9f2c41d07ab3' }],
    ...{ nowMs: () => NOW_MS, reload: () => undefined },
    partitions: () => PARTITIONS,
    ready: () => ({ ok: true, reasons: [] }),
    recent,
    ...differing,
  }
  return { status, recent, observer: recent.observer }
}

/** One episode to its end, and one warning of each other look. */
export function tellSome(observer: Observer): void {
  const stages = ['notice', 'warning', 'final-warning', 'consequence-due'] as const
  const days = ['2026-03-16', '2026-04-01', '2026-04-12', '2026-04-15']
  stages.forEach((stage, at) => {
    const atMs = Date.parse(`${days[at]}T00:00:00+08:00`)
    const reason = at === 0 ? 'opened' : 'raised'
    observer.warning(warningRecord({ stage, reason, atMs, sequence: at + 1 }), 1)
  })
  const other = { merchantId: 'M1000777', consequence: 'suspension' as const }
  const fee = { ...other, detector: 'fee-overdue', subject: 'invoice:I1' }
  observer.warning(warningRecord({ ...fee, consequenceOn: dayOf('2026-05-01') }), 1)
  observer.warning(warningRecord({ ...fee, reason: 'resolved', sequence: 2 }), undefined)
  const { consequenceOn: _, ...behaviour } = warningRecord({ ...other, merchantId: 'M1000900' })
  observer.warning({ ...behaviour, detector: 'volume-spike', zone: 'America/New_York' }, undefined)
  observer.outcome('applied', 1_234_567)
  observer.deadLetter('json-invalid')
  for (let at = 0; at < 3; at++) observer.deadLetter('card-data')
}
