/** What the operator accepted as explained. */
import type { Account } from './account.ts'
import type { Moment } from './detector.ts'
import { episodeId } from './ids.ts'
import { end } from './say.ts'
import type { WarningRecord } from './warning.ts'

const REVIEW_DAYS = 90

/** An accepted explanation ends a behaviour warning at once, and keeps its detector silent for a while. */
export function review(
  account: Account,
  moment: Moment,
  data: Readonly<{ warningId?: string | undefined; outcome?: string | undefined }>,
  by: string,
  records: WarningRecord[],
): void {
  const { warningId, outcome } = data
  if (warningId === undefined || outcome !== 'accepted') return
  const { tenant, merchantId } = account
  for (const armed of moment.profile.armed) {
    if (armed.kind !== 'behaviour') continue
    for (const [subject, memory] of account.said.get(armed.name) ?? []) {
      if (memory.open === undefined) continue
      const { openedMs, openedBy } = memory.open
      const named = { tenant, merchantId, detector: armed.name, subject, openedMs, openedBy }
      if (!warningId.startsWith(episodeId(named))) continue
      end({ account, armed, moment, by, records, notes: [] }, memory, subject, 'reviewed')
      memory.silentUntil = moment.today + REVIEW_DAYS
      memory.nextMs = Infinity
      account.wakeMs = undefined
    }
  }
}
