/** What the three inactivity detectors share: their limits, and a clock as a measure. */
import { z } from 'zod'
import type { Deadline, Moment } from './detector.ts'
import type { Clocks } from './terminal-clocks.ts'
import type { Activity, Terminal } from './terminals.ts'
import { dayText } from './time.ts'
import type { Day } from './time.ts'
import type { Consequence, Evidence } from './warning.ts'

export const inactivityLimits = z.strictObject({
  /** Without a payment for so many calendar months the acquirer verifies the merchant again. */
  reverifyMonths: z.int().positive(),
  /** After so many it stops the service and recovers the terminal. */
  stopMonths: z.int().positive(),
  /** A declared pause holds the first clock for so long at most. */
  pauseMonthsMax: z.int().positive(),
  /** How long a stage waits for sales that a terminal has stored and not forwarded. */
  backlogDays: z.int().nonnegative(),
})
export type InactivityLimits = z.infer<typeof inactivityLimits>

export const INACTIVITY_LADDERS = ['reverify', 'stop'] as const
export const INACTIVITY_CLEARS = ['re-verify', 'mark-as-backup', 'declare-pause', 'cancel'] as const
/** Neither a verification nor a pause moves the second date. */
const STOP_CLEARS = ['mark-as-backup', 'cancel'] as const
export const INACTIVITY_CHANGES = [
  'activity',
  'terminals',
  'backlog',
  'pauses',
  'verification',
  'lifecycle',
  'profile',
] as const

type About = Readonly<{
  subjectOf: (clock: string) => string
  terminalIds: readonly string[]
  last: Activity | undefined
  held?: string | undefined
}>

/** Both clocks of a terminal or an account. */
export function clockMeasures(
  { start, reverifyOn, stopOn }: Clocks,
  wait: Deadline['wait'],
  moment: Moment,
  about: About,
): Deadline[] {
  const clock = (name: 'reverify' | 'stop', due: Day, consequence: Consequence): Deadline => ({
    kind: 'deadline',
    subject: about.subjectOf(name),
    consequence,
    ladder: name,
    from: start,
    due,
    cause: dayText(due),
    ...(wait === undefined ? {} : { wait }),
    terminalIds: about.terminalIds,
    ...(name === 'stop' ? { clears: STOP_CLEARS } : {}),
    seen: { [about.last === undefined ? 'activatedOn' : 'lastSaleOn']: dayText(start) },
    window: { fromMs: about.last?.lastMs ?? moment.zone.startMs(start), toMs: moment.atMs },
    ...(about.held === undefined ? {} : { held: about.held }),
    evidence: isShown(about.last) ? [evidenceOfLast(about.last, about.terminalIds)] : [],
  })
  return [clock('reverify', reverifyOn, 'suspension'), clock('stop', stopOn, 'deregistration')]
}

const isShown = (last: Activity | undefined): last is Activity =>
  last !== undefined && last.eventId !== ''

function evidenceOfLast(last: Activity, [terminalId]: readonly string[]): Evidence {
  const { eventId, lastMs, amount, currency, responseCode, last4 } = last
  return {
    eventId,
    timeMs: lastMs,
    ...(terminalId === undefined ? {} : { terminalId }),
    amount,
    currency,
    ...(responseCode === undefined ? {} : { responseCode }),
    ...(last4 === undefined ? {} : { last4 }),
  }
}

/** A terminal has told of sales it still holds. Not asked of the past. */
export function backlogWait(
  terminals: readonly Terminal[],
  { backlogDays }: InactivityLimits,
  { knownBeforeMs }: Moment,
): Deadline['wait'] {
  if (knownBeforeMs !== Infinity || !terminals.some(({ hasBacklog }) => hasBacklog))
    return undefined
  const releasedMs = Math.max(...terminals.map(({ activeArrivedMs }) => activeArrivedMs))
  return { days: backlogDays, releasedMs }
}
