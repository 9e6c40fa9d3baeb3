/** Which stage a behaviour's hit reaches: by itself, by what came before it, or by what else is open. */
import { hasOpen } from './account.ts'
import type { Hit } from './account.ts'
import type { Level } from './detector.ts'
import type { Ladder, LevelStep } from './policy.ts'
import type { Judging } from './say.ts'
import { STAGES } from './warning.ts'
import type { Stage } from './warning.ts'

/** Given all hits known of this detector and subject, itself among them. */
export function stageOfHit(ladder: Ladder, hit: Hit, hits: readonly Hit[]): Stage | undefined {
  let reached: Stage | undefined
  for (const stage of STAGES) {
    if (ladder[stage]?.some((step) => holds(step as LevelStep, hit, hits)) === true) reached = stage
  }
  return reached
}

function holds(step: LevelStep, hit: Hit, hits: readonly Hit[]): boolean {
  switch (step.kind) {
    case 'hit':
      return true
    case 'value':
    case 'amid':
      return hit.isStrong
    case 'hits':
      return hasPersisted(step, hit, hits)
  }
}

function hasPersisted(
  step: Extract<LevelStep, { kind: 'hits' }>,
  hit: Hit,
  hits: readonly Hit[],
): boolean {
  switch (step.per) {
    case 'card':
      return cardsHit(step.panes, hit, hits) >= step.hits
    case 'trading-day':
      return isTwice(hit, hits)
    case 'day':
      return daysHit(step.days, hit, hits) >= step.hits
    case 'window':
      return hit.rule === step.rule && hits.some((it) => isApart(it, hit, step.withinMs))
  }
}

/** Cards with a hit in the panes that end with this hit's: their latest then. */
function cardsHit(panes = Infinity, hit: Hit, hits: readonly Hit[]): number {
  const { pane = 0 } = hit
  const isNear = (it = -Infinity) => it > pane - panes && it <= pane
  const near = hits.filter((it) => isNear(it.pane) || isNear(it.firstPane))
  return new Set(near.map(({ key }) => key)).size
}

/** The rule held on the trading day before as well. */
function isTwice(hit: Hit, hits: readonly Hit[]): boolean {
  const { rule, previousOn } = hit
  return previousOn !== undefined && hits.some((it) => it.rule === rule && it.on === previousOn)
}

/** Local dates with a hit, among so many that end with this hit's. */
function daysHit(days: number, hit: Hit, hits: readonly Hit[]): number {
  const near = hits.filter((it) => it.rule === hit.rule && it.on > hit.on - days && it.on <= hit.on)
  return new Set(near.map(({ on }) => on)).size
}

/** Of one rule, earlier, near enough, and without an instant in common. */
function isApart(earlier: Hit, hit: Hit, withinMs: number): boolean {
  const apartMs = hit.endMs - earlier.endMs
  return earlier.rule === hit.rule && apartMs >= hit.spanMs && apartMs <= withinMs
}

/** Whether a level reaches `warning` by its value alone, or by the company it is in. */
export function isStrong(ladder: Ladder, level: Level, judging: Judging): boolean {
  return (ladder.warning ?? []).some((step) => {
    if (step.kind === 'value') return level.multipleAtLeast?.(step.min) === true
    return step.kind === 'amid' && isAmid(judging, step.except)
  })
}

/** In the same window it was in company before: that it was stays true when the other warning is over. */
export function wasAmid(ladder: Ladder, held: Hit | undefined): boolean {
  if (held?.isStrong !== true) return false
  return ladder.warning?.some(({ kind }) => kind === 'amid') === true
}

function isAmid({ account, armed, moment }: Judging, except: readonly string[]): boolean {
  return moment.profile.armed.some(({ name, kind }) => {
    const isOther = kind === 'behaviour' && name !== armed.name && !except.includes(name)
    return isOther && hasOpen(account, name)
  })
}
