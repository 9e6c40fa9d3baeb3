/** Why an account stands as it does: every clock, every limit, what is open and what is held back. */
import { lifecycleOf } from './account.ts'
import type { Account } from './account.ts'
import type { Armed, Moment } from './detector.ts'
import { clocksOf } from './explain-clocks.ts'
import { climbsOf, endsOnIfQuiet, hitsOf, windowsOf } from './explain-windows.ts'
import type { AccountNow, DetectorNow, Explanation, OpenNow, TerminalNow } from './explanation.ts'
import { suppressedOf } from './explain-suppressed.ts'
import type { Surroundings } from './explain-suppressed.ts'
import { recordId } from './ids.ts'
import { pausesOf } from './pauses.ts'
import type { Policy, Profile } from './policy.ts'
import { isLive, lastActivity, roleOf } from './terminals.ts'
import { dayText } from './time.ts'
import type { EpochMs, Zone } from './time.ts'
import type { OpenWarning } from './warning.ts'

// Declared pauses are shown as declared, however long a detector lets them count.
const PAUSE_MONTHS_MAX = 1_200

/** As of an instant of the arrival clock, not before the last one folded. Changes nothing. */
export function explain(
  policy: Policy,
  account: Account,
  atMs: EpochMs,
  around: Surroundings = {},
): Explanation {
  const { tenant, merchantId, facts } = account
  const profile = policy.profileOf({ tenant, country: facts.country, mcc: facts.mcc })
  const zone = policy.zoneOf(facts.zone ?? profile.zone)
  const moment: Moment = {
    ...{ atMs, dueByMs: atMs - policy.graceMs, today: zone.dayOf(atMs), zone, profile },
    knownBeforeMs: Infinity,
  }
  const detectors = [
    ...profile.armed.map((armed) => detectorOf(account, armed, moment)),
    ...profile.disarmed.map((armed): DetectorNow => ({ ...nameOf(armed), state: 'disarmed' })),
  ]
  return {
    ...{ tenant, merchantId, at: zone.text(atMs) },
    account: accountOf(account, zone, profile),
    policy: { profile: profile.name, hash: profile.hash },
    warnings: warningsOf(account, detectors, moment),
    detectors,
    suppressed: suppressedOf(account, detectors, moment, around),
  }
}

function nameOf({ name, kind, source, clears }: Armed): Omit<DetectorNow, 'state'> {
  return { detector: name, kind, source, clears, clocks: [], windows: [], hits: [], climbs: [] }
}

function detectorOf(account: Account, armed: Armed, moment: Moment): DetectorNow {
  const state = lifecycleOf(account.facts)
  if (state === 'deregistered' || (state === 'closing' && armed.isOffWhileClosing === true)) {
    return { ...nameOf(armed), state: 'off', why: state }
  }
  if (armed.kind !== 'behaviour') {
    return { ...nameOf(armed), state: 'armed', clocks: clocksOf(account, armed, moment) }
  }
  const memories = [...(account.said.get(armed.name)?.values() ?? [])]
  const silentUntil = Math.max(...memories.map((it) => it.silentUntil ?? -Infinity))
  const isSilent = moment.today < silentUntil
  return {
    ...nameOf(armed),
    ...(isSilent ? { state: 'silent', silentUntil: dayText(silentUntil) } : { state: 'armed' }),
    windows: windowsOf(account, armed, moment),
    hits: hitsOf(memories, moment),
    climbs: climbsOf(armed, memories),
  }
}

function warningsOf(
  account: Account,
  detectors: readonly DetectorNow[],
  moment: Moment,
): OpenNow[] {
  const { armed: all, disarmed } = moment.profile
  return [...all, ...disarmed].flatMap((armed) => {
    const clocks = detectors.find(({ detector }) => detector === armed.name)?.clocks ?? []
    return [...(account.said.get(armed.name) ?? [])].flatMap(([subject, memory]): OpenNow[] => {
      if (memory.open === undefined) return []
      const clock = clocks.find((it) => it.subject === subject)
      const ends = armed.kind === 'behaviour' && endsOnIfQuiet(armed, memory, moment.today)
      return [
        {
          ...openOf(account, armed, subject, memory.open, moment.zone),
          ...(clock?.seen === undefined ? {} : { seen: clock.seen }),
          clears: clock?.clears ?? armed.clears,
          ...(typeof ends === 'number' ? { endsOnIfQuiet: dayText(ends) } : {}),
        },
      ]
    })
  })
}

function openOf(
  { tenant, merchantId }: Account,
  { name: detector, source }: Armed,
  subject: string,
  open: OpenWarning,
  zone: Zone,
): Omit<OpenNow, 'clears'> {
  const { stage, openedMs, openedBy, stageAtMs, consequence, consequenceOn } = open
  const episode = { tenant, merchantId, detector, subject, openedMs, openedBy }
  return {
    ...{ detector, subject, stage, warningId: recordId(episode, 'raised', stage) },
    ...{ openedAt: zone.text(openedMs), stageAt: zone.text(stageAtMs), consequence },
    ...(consequenceOn === undefined ? {} : { consequenceDate: dayText(consequenceOn) }),
    ...{ source, audience: open.audience, terminalIds: open.terminalIds },
  }
}

function accountOf({ facts }: Account, zone: Zone, profile: Profile): AccountNow {
  const { country, mcc, activatedOn, firstActivityOn } = facts
  const currency = profile.currency ?? facts.currency
  const active = [...facts.terminals.values()].flatMap(({ activity }) => activity.at(-1) ?? [])
  const lastMs = Math.max(...active.map((it) => it.lastMs))
  return {
    ...{ state: lifecycleOf(facts), zone: zone.name },
    ...(country === undefined ? {} : { country }),
    ...(mcc === undefined ? {} : { mcc }),
    ...(currency === undefined ? {} : { currency }),
    ...(activatedOn === undefined ? {} : { activatedOn: dayText(activatedOn) }),
    ...(firstActivityOn === undefined ? {} : { firstActivityOn: dayText(firstActivityOn) }),
    ...(active.length === 0 ? {} : { lastActivityAt: zone.text(lastMs) }),
    terminals: terminalsOf(facts.terminals, zone),
    pauses: pausesOf(facts.pauses, PAUSE_MONTHS_MAX, Infinity).map(({ from, to, end }) => {
      return { from: dayText(from), to: dayText(to), end: dayText(end) }
    }),
  }
}

function terminalsOf(terminals: Account['facts']['terminals'], zone: Zone): TerminalNow[] {
  return [...terminals].map(([terminalId, terminal]) => {
    const activatedMs = terminal.activations.at(-1)
    const last = lastActivity(terminal, Infinity)
    return {
      ...{ terminalId, role: roleOf(terminal, Infinity), isLive: isLive(terminal, Infinity) },
      ...(activatedMs === undefined ? {} : { activatedAt: zone.text(activatedMs) }),
      ...(last === undefined ? {} : { lastActivityAt: zone.text(last.lastMs) }),
      hasBacklog: terminal.hasBacklog,
    }
  })
}
