/** One warning record as the fold makes it: terminal T2 of M1000042, thirty days before its date. */
import { dayFromDate } from '../../src/core/time.ts'
import type { WarningRecord } from '../../src/core/warning.ts'

export const dayOf = (text: string): number => dayFromDate(Temporal.PlainDate.from(text))

export function warningRecord(differing: Partial<WarningRecord> = {}): WarningRecord {
  return {
    ...{ tenant: 'acq-a', merchantId: 'M1000042', sequence: 1 },
    ...{ detector: 'terminal-inactivity', detectorVersion: 1, subject: 'terminal:T2:reverify' },
    ...{ reason: 'opened', stage: 'notice', openedBy: 'timer' },
    openedMs: Date.parse('2026-03-16T00:00:00+08:00'),
    atMs: Date.parse('2026-03-16T00:00:00+08:00'),
    ...{ zone: 'Asia/Shanghai', consequence: 'suspension', consequenceOn: dayOf('2026-04-15') },
    ...{ value: 60, threshold: 60, limit: 90, unit: 'days', source: 'CN1' },
    seen: { lastSaleOn: '2026-01-15' },
    clears: ['re-verify', 'mark-as-backup', 'declare-pause', 'cancel'],
    ...{ documents: ['legal-rep-id'], advice: ['adv-plan-idle'] },
    ...{ audience: ['merchant', 'operator'], terminalIds: ['T2'] },
    ...{ profile: 'cn', policyHash: '9f2c41d07ab3', isAbsence: true },
    ...differing,
  }
}
