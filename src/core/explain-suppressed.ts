/** What is held back now, and why; and how often it was, where somebody counted. */
import type { Account } from './account.ts'
import type { Moment } from './detector.ts'
import type { DetectorNow, Suppressed } from './explanation.ts'
import { lastSaleOn } from './holding.ts'
import type { Holding } from './holding.ts'
import { isSilentDate } from './silence.ts'
import { subjectOf } from './subjects.ts'
import { isExempt, roleOf } from './terminals.ts'
import type { EpochMs } from './time.ts'

/** What the account itself does not know. */
export type Surroundings = Readonly<{
  /** The partition sees nothing since: absence is not judged. */
  blindSinceMs?: EpochMs | undefined
  /** Many sold last on the same date as it, and all are silent: absence is not judged. */
  isSilentTogether?: boolean
  /** Judgements held back while events were folded, by detector and cause. */
  heldBack?: readonly Readonly<{ detector: string; cause: string; count: number }>[]
}>

/** As its partition's memory says. */
export function surroundingsOf({ sight, silence }: Holding, account: Account): Surroundings {
  const isSilentTogether = isSilentDate(silence, lastSaleOn(account))
  return { blindSinceMs: sight.blindSinceMs, isSilentTogether }
}

export function suppressedOf(
  account: Account,
  detectors: readonly DetectorNow[],
  moment: Moment,
  { blindSinceMs, isSilentTogether = false, heldBack = [] }: Surroundings,
): readonly Suppressed[] {
  const now = [
    ...detectors.flatMap(ofDetector),
    ...exempt(account),
    ...(blindSinceMs === undefined ? [] : absences(moment, 'blind')),
    ...(isSilentTogether ? absences(moment, 'silent-together') : []),
  ]
  const counted = heldBack.map(({ detector, cause: why, count }) => ({ detector, why, count }))
  return [
    ...now.map((it) => {
      const count = counted.find((other) => isSame(other, it))?.count
      return count === undefined ? it : { ...it, count }
    }),
    ...counted.filter((it) => !now.some((other) => isSame(other, it))),
  ]
}

const isSame = (a: Suppressed, b: Suppressed) => a.detector === b.detector && a.why === b.why

function ofDetector(of: DetectorNow): Suppressed[] {
  const { detector, state, why, silentUntil, clocks, windows } = of
  if (state === 'off' && why !== undefined) return [{ detector, why }]
  const held = clocks.flatMap(({ subject, held: cause, stages }): Suppressed[] => {
    if (cause !== undefined) return [{ detector, subject, why: cause }]
    const waits = stages.find(({ on, at, state: so }) => isPostponed(on, at) && isAhead(so))
    return waits?.at === undefined ? [] : [{ detector, subject, why: 'backlog', until: waits.at }]
  })
  const causes = new Set(windows.flatMap((it) => it.held ?? []))
  return [
    ...(silentUntil === undefined ? [] : [{ detector, why: 'reviewed', until: silentUntil }]),
    ...held,
    ...[...causes].map((cause) => ({ detector, why: cause })),
  ]
}

const isPostponed = (on?: string, at?: string) => at !== undefined && !at.startsWith(on ?? '')
const isAhead = (state: string) => state === 'next' || state === 'due'

/** Terminals that are expected to be idle. */
function exempt({ facts }: Account): Suppressed[] {
  const idle = [...facts.terminals].filter(([, it]) => isExempt(it, Infinity))
  return idle.map(([terminalId, it]) => {
    return { subject: subjectOf('terminal', terminalId), why: `role-${roleOf(it, Infinity)}` }
  })
}

function absences({ profile }: Moment, why: string): Suppressed[] {
  const waiting = profile.armed.filter(({ isAbsence }) => isAbsence === true)
  return waiting.map(({ name }) => ({ detector: name, why }))
}
