/** The running dates and counts of one detector: which stages are over, which is next, and when. */
import type { Account, Memory } from './account.ts'
import type { Armed, Lasting, Measure, Moment } from './detector.ts'
import type { ClockNow, StageNow } from './explanation.ts'
import { hasEnded, isLasting, startsWhileHeld } from './judge-deadline.ts'
import { stageStarts } from './ladder.ts'
import type { StageStart } from './ladder.ts'
import { dayText } from './time.ts'
import { isHigher } from './warning.ts'

/** Later than every fact, and yet a question about the past: then a clock answers for which others speak. */
const AFTER_ALL = Number.MAX_SAFE_INTEGER

export function clocksOf(account: Account, armed: Armed, moment: Moment): ClockNow[] {
  const speaking = lastingOf(armed.measure(account, moment))
  const isSpeaking = ({ subject }: Lasting) => speaking.some((it) => it.subject === subject)
  const all = lastingOf(armed.measure(account, { ...moment, knownBeforeMs: AFTER_ALL }))
  const silent = all.filter((it) => !isSpeaking(it)).map((it) => ({ ...it, held: spokenFor(it) }))
  return [...speaking, ...silent]
    .filter((it) => !hasEnded(it, moment))
    .map((it) => clockOf(armed, it, account.said.get(armed.name)?.get(it.subject), moment))
}

const lastingOf = (measures: readonly Measure[]): Lasting[] => measures.filter(isLasting)

/** The account speaks for its terminal, or is about to. */
const spokenFor = ({ held }: Lasting): string => held ?? 'rolled-up'

function clockOf(armed: Armed, it: Lasting, memory: Memory | undefined, moment: Moment): ClockNow {
  const { zone, today } = moment
  const { subject, kind, cause, consequence, held, endsOn, seen, evidence = [] } = it
  const open = memory?.open?.cause === cause ? memory.open : undefined
  const consequenceOn = it.kind === 'deadline' ? (it.consequenceOn ?? it.due) : undefined
  return {
    ...{ subject, kind, cause },
    ...(it.kind === 'deadline' ? { from: dayText(it.from) } : {}),
    ...(it.kind === 'deadline'
      ? { value: today - it.from, unit: 'days' }
      : { value: it.count, unit: it.unit }),
    consequence,
    ...(consequenceOn === undefined ? {} : { consequenceDate: dayText(consequenceOn) }),
    ...(open === undefined ? {} : { stage: open.stage }),
    stages: stagesOf(armed, it, open?.stage, moment),
    ...(held === undefined ? {} : { held }),
    ...(endsOn === undefined ? {} : { endsOn: dayText(endsOn) }),
    ...(seen === undefined ? {} : { seen }),
    evidence: evidence.map(({ eventId }) => eventId),
    clears: it.clears ?? armed.clears,
  }

  function stagesOf(
    ...[of, lasting, told, { dueByMs }]: [Armed, Lasting, StageNow['stage'] | undefined, Moment]
  ): StageNow[] {
    const ladder = of.ladderOf(lasting.ladder)
    // A fact's further stages begin with its count.
    const whole = lasting.kind === 'fact' ? { ...lasting, count: Infinity } : lasting
    const all = stageStarts(ladder, whole, zone)
    const live = lasting.held === undefined ? all : startsWhileHeld(lasting, all)
    let isNextKnown = false
    return all.map((nominal): StageNow => {
      const start = live.find(({ stage }) => stage === nominal.stage)
      const state = stateOf(nominal, start)
      isNextKnown ||= state === 'next'
      return stageNow(start ?? nominal, state)
    })

    function stateOf({ stage, threshold }: StageStart, start: StageStart | undefined) {
      if (told !== undefined && !isHigher(stage, told)) return stage === told ? 'told' : 'passed'
      if (start === undefined) return 'held'
      const isReached = lasting.kind === 'fact' ? threshold <= lasting.count : start.atMs <= dueByMs
      if (isReached) return 'due'
      return isNextKnown ? 'later' : 'next'
    }
  }

  function stageNow({ stage, threshold, on, atMs }: StageStart, state: StageNow['state']) {
    const at = on === undefined ? {} : { on: dayText(on), at: zone.text(atMs) }
    return { stage, threshold, ...at, state }
  }
}
