/** The latest of everything about one account: what dashboards and new services start from. */
import { lifecycleOf } from './account.ts'
import type { Account, Memory } from './account.ts'
import { stageStarts } from './ladder.ts'
import type { Armed, Deadline, Moment } from './detector.ts'
import type { Policy } from './policy.ts'
import { newestArrivalMs } from './seen-ids.ts'
import { dayText } from './time.ts'
import type { Zone } from './time.ts'
import type { OpenWarning } from './warning.ts'

/** Undefined for a deregistered account: a tombstone. */
export function standingOf(policy: Policy, account: Account): unknown {
  const state = lifecycleOf(account.facts)
  if (state === 'deregistered') return undefined
  const { tenant, merchantId, facts, said, sequence } = account
  const profile = policy.profileOf({ tenant, country: facts.country, mcc: facts.mcc })
  const zone = policy.zoneOf(facts.zone ?? profile.zone)
  const warnings: unknown[] = []
  const clocks: unknown[] = []
  let moment: Moment | undefined
  for (const armed of profile.armed) {
    const memories = said.get(armed.name)
    for (const [subject, { open }] of memories ?? []) {
      if (open !== undefined) warnings.push(warningOf(armed.name, subject, open, zone))
    }
    // Nothing is measured for a detector that waits for nothing: most of them, of most accounts.
    if (armed.kind !== 'deadline' || memories?.values().some(isRunning) !== true) continue
    moment ??= momentOf(account, zone, profile)
    for (const it of armed.measure(account, moment)) {
      const memory = memories.get(it.subject)
      if (it.kind !== 'deadline' || memory === undefined || !isRunning(memory)) continue
      clocks.push(clockOf(armed, it, memory, zone))
    }
  }
  const policyOf = { profile: profile.name, hash: profile.hash }
  const of = { tenant, merchantId, state, zone: zone.name, sequence }
  return { ...of, policy: policyOf, warnings, clocks }
}

function isRunning({ open, nextMs }: Memory): boolean {
  return open !== undefined || nextMs !== Infinity
}

function momentOf(account: Account, zone: Zone, profile: Moment['profile']): Moment {
  const arrivedMs = newestArrivalMs(account.seen)
  const today = zone.dayOf(arrivedMs)
  return { atMs: arrivedMs, dueByMs: arrivedMs, today, zone, profile, knownBeforeMs: Infinity }
}

function warningOf(detector: string, subject: string, open: OpenWarning, zone: Zone) {
  const { stage, openedMs, stageAtMs, consequence, consequenceOn } = open
  return {
    ...{ detector, subject, stage },
    openedAt: zone.text(openedMs),
    stageAt: zone.text(stageAtMs),
    consequence,
    ...(consequenceOn === undefined ? {} : { consequenceDate: dayText(consequenceOn) }),
  }
}

/** Each clock within its ladder. */
function clockOf(armed: Armed, it: Deadline, { open, nextMs }: Memory, zone: Zone) {
  const { subject, due, consequenceOn = due, held, cause } = it
  const starts = stageStarts(armed.ladderOf(it.ladder), it, zone)
  const next = starts.find(({ atMs }) => atMs >= nextMs)
  return {
    ...{ detector: armed.name, subject },
    state: held === undefined ? (open?.stage ?? 'quiet') : 'held',
    ...(consequenceOn === undefined ? {} : { dueOn: dayText(consequenceOn) }),
    ...(next?.on === undefined ? {} : { nextStage: next.stage, nextOn: dayText(next.on) }),
    cause,
    clears: it.clears ?? armed.clears,
  }
}
