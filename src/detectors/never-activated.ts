/** Counts the days since a terminal was delivered and neither activated nor used. */
import { z } from 'zod'
import { defineDetector } from '../core/detector.ts'
import type { Measure } from '../core/detector.ts'
import { subjectOf } from '../core/subjects.ts'
import { isExempt, isLive, lastActivity } from '../core/terminals.ts'
import { dayText } from '../core/time.ts'

const limits = z.strictObject({
  /** Days from the delivery to the end of the time for activation. */
  dueDays: z.int().positive(),
})

export const neverActivated = defineDetector<z.infer<typeof limits>>({
  name: 'never-activated',
  version: 1,
  kind: 'deadline',
  isAbsence: true,
  isOffWhileClosing: true,
  on: ['activity', 'terminals', 'lifecycle'],
  clears: ['activate', 'mark-as-backup', 'return-terminal', 'cancel'],
  documents: ['legal-rep-id', 'business-licence'],
  advice: ['adv-plan-idle', 'adv-train'],
  limits,

  measure({ facts }, { knownBeforeMs, zone }, { dueDays }) {
    return [...facts.terminals].flatMap(([id, terminal]): Measure[] => {
      const deliveredMs = terminal.deliveries.findLast((at) => at < knownBeforeMs)
      if (deliveredMs === undefined) return []
      const isReplaced = terminal.replacements.some((at) => at < knownBeforeMs)
      if (terminal.successor !== undefined && isReplaced) {
        const subject = subjectOf('terminal', id)
        return [{ kind: 'over', subject, resolution: 'superseded' }]
      }
      const isUsed =
        terminal.activations.some((at) => at < knownBeforeMs) ||
        lastActivity(terminal, knownBeforeMs) !== undefined
      const isSwapped = terminal.replacements.some((at) => deliveredMs <= at && at < knownBeforeMs)
      if (isUsed || isSwapped) return []
      if (isExempt(terminal, knownBeforeMs) || !isLive(terminal, knownBeforeMs)) return []
      const from = zone.dayOf(deliveredMs)
      return [
        {
          kind: 'deadline',
          subject: subjectOf('terminal', id),
          consequence: 'deregistration',
          from,
          due: from + dueDays,
          cause: dayText(from),
          terminalIds: [id],
          seen: { deliveredOn: dayText(from) },
        },
      ]
    })
  },
})
