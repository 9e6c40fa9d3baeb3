/** The latest of everything about one account: what dashboards and new services start from. */
import { lifecycleOf } from './account.ts'
import type { Account } from './account.ts'
import { stageStarts } from './ladder.ts'
import type { Deadline, Moment } from './detector.ts'
import type { Policy } from './policy.ts'
import { dayText } from './time.ts'

/** Undefined for a deregistered account: a tombstone. */
export function standingOf(policy: Policy, account: Account): unknown {
  const state = lifecycleOf(account.facts)
  if (state === 'deregistered') return undefined
  const { tenant, merchantId, facts, said, sequence } = account
  const profile = policy.profileOf({ tenant, country: facts.country, mcc: facts.mcc })
  const zone = policy.zoneOf(facts.zone ?? profile.zone)
  const warnings = profile.armed.flatMap(({ name }) => {
    return [...(said.get(name) ?? [])].flatMap(([subject, { open }]) => {
      if (open === undefined) return []
      const { stage, openedMs, stageAtMs, consequence, consequenceOn } = open
      return [
        {
          ...{ detector: name, subject, stage },
          openedAt: zone.text(openedMs),
          stageAt: zone.text(stageAtMs),
          consequence,
          ...(consequenceOn === undefined ? {} : { consequenceDate: dayText(consequenceOn) }),
        },
      ]
    })
  })
  const policyOf = { profile: profile.name, hash: profile.hash }
  return {
    tenant,
    merchantId,
    state,
    zone: zone.name,
    sequence,
    policy: policyOf,
    warnings,
    clocks: clocksOf(),
  }

  /** Each clock within its ladder. */
  function clocksOf() {
    const moment: Moment = {
      ...{ atMs: account.seen.timesMs.at(-1) ?? 0, today: 0, zone, profile },
      dueByMs: account.seen.arrivalsMs.at(-1) ?? 0,
      knownBeforeMs: Infinity,
    }
    return profile.armed.flatMap((armed) => {
      if (armed.kind !== 'deadline') return []
      const measures = armed.measure(account, moment)
      return measures
        .filter((it): it is Deadline => it.kind === 'deadline')
        .flatMap((it) => {
          const { open, nextMs = Infinity } = said.get(armed.name)?.get(it.subject) ?? {}
          if (open === undefined && nextMs === Infinity) return []
          const starts = stageStarts(armed.ladderOf(it.ladder), it, zone)
          const next = starts.find(({ atMs }) => atMs >= nextMs)
          return [
            {
              ...{ detector: armed.name, subject: it.subject },
              state: it.held === undefined ? (open?.stage ?? 'quiet') : 'held',
              dueOn: dayText(it.consequenceOn ?? it.due),
              ...(next === undefined ? {} : { nextStage: next.stage, nextOn: dayText(next.on) }),
              cause: it.cause,
              clears: it.clears ?? armed.clears,
            },
          ]
        })
    })
  }
}
