/** Judges a detector's windows: keeps the hits, climbs by persistence, clears, and takes back. */
import { memoryOf } from './account.ts'
import { moveClock } from './wake.ts'
import type { Hit, Memory } from './account.ts'
import type { Level, Measure } from './detector.ts'
import { isStrong, stageOfHit, wasAmid } from './climb.ts'
import { end, tell } from './say.ts'
import type { Judging } from './say.ts'
import { PANES_A_DAY } from './spans.ts'
import type { Day } from './time.ts'
import { isHigher } from './warning.ts'
import type { Stage } from './warning.ts'

/** Of one detector and subject; the oldest go first. */
export const HITS_MAX = 48

export function judgeLevels(judging: Judging, measures: readonly Measure[]): void {
  const { account, armed, moment } = judging
  if (measures.length === 0 && moment.closed === undefined) return
  const levels = measures.filter((it): it is Level => it.kind === 'level')
  if (moment.closed !== undefined) {
    for (const [subject, memory] of account.said.get(armed.name) ?? []) {
      closeDay(judging, memory, subject, levels, moment.closed)
    }
    return
  }
  // Nearly always they are of the account.
  const first = levels[0]?.subject ?? ''
  if (levels.every(({ subject }) => subject === first)) {
    if (levels.length > 0) judgeSubject(judging, first, levels)
    return
  }
  const bySubject = Map.groupBy(levels, ({ subject }) => subject)
  for (const [subject, mine] of bySubject) judgeSubject(judging, subject, mine)
}

function judgeSubject(judging: Judging, subject: string, levels: readonly Level[]): void {
  const { account, armed, moment } = judging
  const known = account.said.get(armed.name)?.get(subject)
  if (known === undefined && !levels.some(({ isHit }) => isHit)) return
  const memory = known ?? memoryOf(account, armed.name, subject)
  if (memory.silentUntil !== undefined && moment.today < memory.silentUntil) return
  account.dirty.facts = true
  // A late event says nothing of a window whose hit was an earlier episode's.
  const speaking = levels.filter((level) => keepHit(judging, memory, level))
  const left = isRevised(judging) ? takeBack(judging, memory, subject) : []
  const best = highest(judging, memory, [...speaking, ...left])
  if (best !== undefined && isHigher(best.stage, memory.open?.stage)) {
    speak(judging, memory, best.level, best.stage)
  }
  setNext(judging, memory)
}

/** A late event, or something taken back, may prove wrong what was told. */
function isRevised({ armed, moment }: Judging): boolean {
  return (armed.isShare === true ? moment.isOvertaken : moment.isRevision) === true
}

/** Of the windows judged now that hold, the one that reaches the highest stage; the first of equals. */
function highest(
  { armed }: Judging,
  memory: Memory,
  levels: readonly Level[],
): { level: Level; stage: Stage } | undefined {
  let best: { level: Level; stage: Stage } | undefined
  for (const level of levels) {
    const hit = memory.hits.find((it) => isSame(it, level))
    if (!level.isHit || hit === undefined) continue
    // Of a key a later window may be held: it is asked what this one reaches.
    const judged = level.key === undefined ? hit : { ...hit, pane: level.pane }
    const reached = stageOfHit(armed.ladderOf(undefined), judged, memory.hits)
    const stage = reached === 'warning' && level.stageMax === 'notice' ? 'notice' : reached
    if (stage !== undefined && isHigher(stage, best?.stage)) best = { level, stage }
  }
  return best
}

function speak(judging: Judging, memory: Memory, level: Level, stage: Stage): void {
  const { value, limit, unit } = level
  tell(judging, memory, level, stage, '', { value, threshold: limit, limit, unit })
  if (stage === 'warning' && memory.open !== undefined) memory.open.warnedOn ??= level.on
}

/**
 * A hit is replaced, or struck out, when its window is judged again; of one card the latest is kept.
 * True: it may be told, being new, or of the episode that stands, or judged by an event in time.
 */
function keepHit(judging: Judging, memory: Memory, level: Level): boolean {
  const { armed, moment, notes } = judging
  if (level.held !== undefined) {
    if (level.isHit) notes.push({ kind: 'suppressed', detector: armed.name, cause: level.held })
    return false
  }
  const { hits, open } = memory
  const at = hits.findIndex((it) => isSame(it, level))
  const held = hits[at]
  const isEarlierEpisode = held !== undefined && held.lastAtMs < (open?.openedMs ?? Infinity)
  const isOld = isRevised(judging) && isEarlierEpisode && held.endMs === level.window.toMs
  const isLater = held !== undefined && held.endMs > level.window.toMs
  if (!level.isHit) {
    // Of a key only the very window that was judged is known to be none.
    const isIt = held?.endMs === level.window.toMs
    // A share that an event in time brings down was as high as it was told.
    const wasTrue = armed.isShare === true && !isRevised(judging)
    if (held !== undefined && (level.key === undefined || isIt) && !wasTrue) hits.splice(at, 1)
    return false
  }
  if (isLater && level.key !== undefined && level.keeps !== 'first') {
    const first = firstPane(held.pane, held.firstPane, level.pane)
    if (first !== undefined) held.firstPane = first
    return open !== undefined
  }
  if (held !== undefined && level.keeps === 'first' && !isLater) {
    held.lastAtMs = moment.atMs
    return !isOld
  }
  if (held !== undefined) hits.splice(at, 1)
  const isCapped = level.stageMax === 'notice'
  const ladder = armed.ladderOf(undefined)
  const first =
    level.key === undefined ? undefined : firstPane(level.pane, held?.firstPane, held?.pane)
  hits.push({
    rule: level.rule,
    endMs: level.window.toMs,
    on: level.on,
    key: level.key,
    isStrong: !isCapped && (isStrong(ladder, level, judging) || wasAmid(ladder, held)),
    spanMs: level.window.toMs - level.window.fromMs,
    previousOn: isCapped ? undefined : level.previousOn,
    pane: level.pane,
    ...(first === undefined ? {} : { firstPane: first }),
    lastAtMs: isOld ? held.lastAtMs : moment.atMs,
  })
  // Nearly always it is the newest.
  if ((hits.at(-2)?.endMs ?? 0) > level.window.toMs) hits.sort((a, b) => a.endMs - b.endMs)
  if (hits.length > HITS_MAX) hits.shift()
  return !isOld
}

/** The earliest of those known that lie less than a day before the newest. Undefined: none does. */
function firstPane(newest = 0, ...known: readonly (number | undefined)[]): number | undefined {
  const near = known.filter((it) => it !== undefined && it < newest && it > newest - PANES_A_DAY)
  return near.length === 0 ? undefined : Math.min(...(near as number[]))
}

function isSame(hit: Hit, { rule, key, on }: Level): boolean {
  return hit.rule === rule && hit.key === key && (key !== undefined || hit.on === on)
}

/**
 * No judgement of the episode, with what is now known, reaches what was told: it was never true. What
 * still holds of it is given back: a lower stage opens an episode of its own with the same input.
 */
function takeBack(judging: Judging, memory: Memory, subject: string): readonly Level[] {
  const { account, armed, moment } = judging
  const { open, hits } = memory
  if (open === undefined) return []
  const again = hits.filter(({ lastAtMs }) => lastAtMs >= open.openedMs).map(({ on }) => on)
  const levels = armed
    .measure(account, { ...moment, again: [...new Set(again)].sort() })
    .filter((it): it is Level => it.kind === 'level' && it.subject === subject)
  for (const level of levels) keepHit(judging, memory, level)
  const ladder = armed.ladderOf(undefined)
  const isMine = ({ lastAtMs }: Hit) => lastAtMs >= open.openedMs
  for (const hit of hits.filter(isMine)) {
    if (!isHigher(open.stage, stageOfHit(ladder, hit, hits))) return []
  }
  end(judging, memory, subject, judging.by === 'policy' ? 'policy-changed' : 'retracted')
  return levels
}

/** Two days without a hit, or a rule that is false at the close; each window that hit has its say. */
function closeDay(
  judging: Judging,
  memory: Memory,
  subject: string,
  levels: readonly Level[],
  day: Day,
): void {
  const { open, hits } = memory
  if (open !== undefined) {
    const { ruleWindows = [] } = judging.armed
    // Opened within the grace of this close: its own are still to come.
    const isYounger = judging.moment.zone.dayOf(open.openedMs) > day
    const isAlive =
      isYounger ||
      hits.some(({ rule, on, lastAtMs }) => {
        if (on > day) return true
        if (!ruleWindows.includes(rule)) return on >= day - 1
        if (lastAtMs < open.openedMs) return false
        return levels.some((it) => it.subject === subject && it.rule === rule && it.isHit)
      })
    if (!isAlive) end(judging, memory, subject, 'cleared')
  }
  setNext(judging, memory)
}

/** While it stands, every local midnight may be its last. */
function setNext({ account, moment }: Judging, memory: Memory): void {
  const { zone, dueByMs } = moment
  const next = memory.open === undefined ? Infinity : zone.startMs(zone.dayOf(dueByMs) + 1)
  if (memory.nextMs === next) return
  moveClock(account, memory.nextMs, next)
  memory.nextMs = next
  account.dirty.facts = true
}
