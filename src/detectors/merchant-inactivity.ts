/** Counts the calendar months since the account's last sale, on any terminal that counts. */
import { defineDetector } from '../core/detector.ts'
import { backlogWait, clockMeasures, inactivityLimits } from '../core/inactivity.ts'
import { INACTIVITY_CHANGES, INACTIVITY_CLEARS, INACTIVITY_LADDERS } from '../core/inactivity.ts'
import type { InactivityLimits } from '../core/inactivity.ts'
import { accountStart, clocksFrom, countingTerminals } from '../core/terminal-clocks.ts'
import { lastActivity } from '../core/terminals.ts'
import type { Activity } from '../core/terminals.ts'

export const merchantInactivity = defineDetector<InactivityLimits>({
  name: 'merchant-inactivity',
  version: 1,
  kind: 'deadline',
  isAbsence: true,
  isOffWhileClosing: true,
  on: INACTIVITY_CHANGES,
  onOnceTold: ['later-activity'],
  ladders: INACTIVITY_LADDERS,
  clears: INACTIVITY_CLEARS,
  documents: ['legal-rep-id', 'business-licence', 'site-photo'],
  advice: ['adv-plan-idle'],
  limits: inactivityLimits,

  measure({ facts }, moment, limits) {
    const { knownBeforeMs, zone } = moment
    const start = accountStart(facts, zone, knownBeforeMs)
    if (start === undefined) return []
    const counting = countingTerminals(facts, knownBeforeMs)
    const terminals = counting.map(([, it]) => it)
    let last: Activity | undefined
    for (const terminal of terminals) {
      const active = lastActivity(terminal, knownBeforeMs)
      if (active !== undefined && active.lastMs > (last?.lastMs ?? -Infinity)) last = active
    }
    const clocks = clocksFrom(start, facts, limits, knownBeforeMs)
    return clockMeasures(
      clocks,
      backlogWait([...facts.terminals.values()], limits, moment),
      moment,
      {
        subjectOf: (clock) => `account:${clock}`,
        terminalIds: counting.map(([id]) => id),
        last,
      },
    )
  },
})
