/** Counts the calendar months since a terminal's last sale towards its two dates. */
import type { Account } from '../core/account.ts'
import { hasOpen, openWarning } from '../core/account.ts'
import { defineDetector, NONE } from '../core/detector.ts'
import type { Measure, Moment } from '../core/detector.ts'
import { backlogWait, clockMeasures, inactivityLimits } from '../core/inactivity.ts'
import { INACTIVITY_CHANGES, INACTIVITY_CLEARS, INACTIVITY_LADDERS } from '../core/inactivity.ts'
import type { InactivityLimits } from '../core/inactivity.ts'
import { subjectOf } from '../core/subjects.ts'
import { clocksFrom, countingTerminals, startOf } from '../core/terminal-clocks.ts'
import type { Clocks } from '../core/terminal-clocks.ts'
import { lastActivity } from '../core/terminals.ts'
import type { Terminal } from '../core/terminals.ts'

const NAME = 'terminal-inactivity'
// So long before its date another terminal still counts as busy.
const BUSY_DAYS = 30

export const terminalInactivity = defineDetector<InactivityLimits>({
  name: NAME,
  version: 1,
  kind: 'deadline',
  isAbsence: true,
  isOffWhileClosing: true,
  follows: 'merchant-inactivity',
  // A sale on one may be what makes another stand out.
  on: [...INACTIVITY_CHANGES, 'later-activity'],
  ladders: INACTIVITY_LADDERS,
  // A sale clears it too, but nobody is told to swipe to stay alive: that is self-dealing.
  clears: INACTIVITY_CLEARS,
  documents: ['legal-rep-id'],
  advice: ['adv-plan-idle'],
  limits: inactivityLimits,

  measure(account, moment, limits) {
    const { facts } = account
    const { knownBeforeMs, zone } = moment
    // Most accounts have one terminal, and the account speaks for it.
    if (facts.terminals.size === 1 && knownBeforeMs === Infinity && !account.said.has(NAME)) {
      return NONE
    }
    const known: (readonly [string, Terminal, Clocks])[] = []
    for (const [id, terminal] of countingTerminals(facts, knownBeforeMs)) {
      const start = startOf(terminal, facts, zone, knownBeforeMs)
      if (start === undefined) continue
      known.push([id, terminal, clocksFrom(start, facts, limits, knownBeforeMs)])
    }
    return [...replaced(account, moment), ...clocks(account, moment, limits, known)]
  },
})

function clocks(
  account: Account,
  moment: Moment,
  limits: InactivityLimits,
  known: readonly (readonly [string, Terminal, Clocks])[],
): Measure[] {
  // The account speaks for all its terminals; a question about the past is not about who speaks.
  const isAsking = moment.knownBeforeMs === Infinity
  const isRolledUp = isAsking && hasOpen(account, 'merchant-inactivity')
  const today = moment.zone.dayOf(moment.dueByMs)
  return known.flatMap(([id, terminal, itsClocks]): Measure[] => {
    const subject = (clock: string) => subjectOf('terminal', id, clock)
    if (isRolledUp) {
      return ['reverify', 'stop'].map((clock) => {
        return { kind: 'over', subject: subject(clock), resolution: 'rolled-up' }
      })
    }
    const isBusyBeside = known.some(([other, , { reverifyOn }]) => {
      return other !== id && reverifyOn - BUSY_DAYS > today
    })
    // Held, and nothing told: most accounts have one terminal, and the account speaks for it.
    const isTold = ['reverify', 'stop'].some((it) => openWarning(account, NAME, subject(it)))
    if (isAsking && !isBusyBeside && !isTold) return []
    return clockMeasures(itsClocks, backlogWait([terminal], limits, moment), moment, {
      subjectOf: subject,
      terminalIds: [id],
      last: lastActivity(terminal, moment.knownBeforeMs),
      // With none beside it the account is about to speak: until it does, what was told stands.
      held: isBusyBeside ? undefined : 'no-busy-terminal',
    })
  })
}

/** Under its new id the clock goes on. */
function replaced({ facts }: Account, { knownBeforeMs }: Moment): Measure[] {
  return [...facts.terminals].flatMap(([id, { successor, replacements }]): Measure[] => {
    if (successor === undefined || !replacements.some((at) => at < knownBeforeMs)) return []
    return ['reverify', 'stop'].map((clock) => {
      return { kind: 'over', subject: subjectOf('terminal', id, clock), resolution: 'superseded' }
    })
  })
}
