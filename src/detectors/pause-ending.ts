/** Reminds that a long declared pause comes to its end. */
import { z } from 'zod'
import { defineDetector } from '../core/detector.ts'
import { pausesOf } from '../core/pauses.ts'
import { dayText } from '../core/time.ts'

const limits = z.strictObject({
  /** Pauses of so many days, both dates counted, or fewer are not announced. */
  lengthDaysOver: z.int().nonnegative(),
  /** A pause lasts so many calendar months at most. */
  pauseMonthsMax: z.int().positive(),
})

export const pauseEnding = defineDetector<z.infer<typeof limits>>({
  name: 'pause-ending',
  version: 1,
  kind: 'deadline',
  isOffWhileClosing: true,
  on: ['pauses', 'activity', 'lifecycle'],
  clears: ['sell', 'declare-pause', 'end-pause', 'cancel'],
  documents: [],
  advice: ['adv-plan-idle'],
  limits,

  measure({ facts }, { knownBeforeMs, zone, dueByMs }, { lengthDaysOver, pauseMonthsMax }) {
    const today = zone.dayOf(dueByMs)
    const pauses = pausesOf(facts.pauses, pauseMonthsMax, knownBeforeMs)
    const pause = pauses.find(({ from, to, end, isCut }) => {
      return !isCut && end >= today && to - from + 1 > lengthDaysOver
    })
    if (pause === undefined) return []
    return [
      {
        kind: 'deadline',
        subject: 'account',
        consequence: 'suspension',
        from: pause.from,
        due: pause.end,
        consequenceOn: pause.end + 1,
        endsOn: pause.end + 1,
        cause: dayText(pause.end),
        seen: { pauseFrom: dayText(pause.from), pauseTo: dayText(pause.end) },
      },
    ]
  },
})
