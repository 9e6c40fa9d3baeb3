/** Windows of a behaviour detector: what was judged a hit, and what is said of it. */
import {
  end,
  findOpen,
  openEpisode,
  raise,
  type Account,
  type Moment,
  type RecountRecord,
} from './account.ts'
import type { Day } from './civil.ts'
import { rank, type Stage } from './measure.ts'

export type Hit = {
  detector: string
  /** Names the window: judged again, it has the same. */
  key: string
  /** Where its window ends, in the unit of the rule. */
  end: number
  day: Day
  /** What it reaches by itself. */
  stage: Stage
  episodeId?: string
}

/** One window judged; without a stage the rule does not hold. */
export type Judgement = Readonly<{ key: string; end: number; day: Day; stage: Stage | undefined }>

export type Rule = Readonly<{
  detector: string
  /** What a hit reaches among all that are held. */
  stageOf: (hit: Hit, all: readonly Hit[]) => Stage
}>

export type Judged = Readonly<{
  windows: readonly Judgement[]
  /** By a late event, a void or a reversal: it may take hits away. */
  isLate: boolean
  /** Windows of the open episode that the event did not touch, judged again with it. */
  again?: readonly Judgement[]
}>

export const SUBJECT = 'account'

export function judgeHits(
  account: Account,
  rule: Rule,
  { windows, isLate, again = [] }: Judged,
  moment: Moment,
): RecountRecord[] {
  const settled = windows.map((window) => {
    const isNew = !account.hits.some((hit) => isOf(hit, rule, window))
    const hit = settle(account, rule, window, isLate)
    return { hit, mayOpen: isNew || !isLate }
  })
  const hits = settled.flatMap(({ hit }) => hit ?? [])
  const fresh = settled.flatMap(({ hit, mayOpen }) => (mayOpen && hit ? [hit] : []))
  if (isLate) for (const window of again) settle(account, rule, window, isLate)
  const retracted = isLate ? retract(account, rule, moment) : undefined
  const left = retracted?.left ?? []
  const mayOpen = [...fresh, ...left]
  const open = findOpen(account, rule.detector, SUBJECT)
  // What an earlier episode was about raises no later one.
  const mine = hits.filter(({ episodeId }) => episodeId === open?.episodeId)
  const stage = highest(account, rule, open === undefined ? mayOpen : [...mayOpen, ...mine])
  const said = speak(account, rule.detector, { stage, isNew: mayOpen.length > 0 }, moment)
  mark(account, rule, [...left, ...hits])
  return [...(retracted?.records ?? []), ...said]
}

export type Spoken = Readonly<{
  /** The highest stage of the windows judged. */
  stage: Stage | undefined
  /** Some window judged was no hit before. */
  isNew: boolean
}>

export function speak(
  account: Account,
  detector: string,
  { stage, isNew }: Spoken,
  moment: Moment,
): RecountRecord[] {
  const open = findOpen(account, detector, SUBJECT)
  if (stage === undefined) return []
  if (open !== undefined) {
    return rank(stage) > rank(open.stage) ? [raise(account, open, stage, moment)] : []
  }
  const isSilent = moment.atMs < (account.silentUntilMs.get(detector) ?? -Infinity)
  if (!isNew || isSilent) return []
  return [openEpisode(account, { detector, subject: SUBJECT, cause: '', stage }, moment)]
}

function isOf(hit: Hit, { detector }: Rule, { key }: Judgement): boolean {
  return hit.detector === detector && hit.key === key
}

/** Holds what a window says now; what an event in time finds untrue was a hit all the same. */
function settle(account: Account, rule: Rule, window: Judgement, isLate: boolean): Hit | undefined {
  const before = account.hits.find((hit) => isOf(hit, rule, window))
  if (window.stage === undefined) {
    if (isLate) account.hits = account.hits.filter((hit) => hit !== before)
    return undefined
  }
  if (before !== undefined) return Object.assign(before, { stage: window.stage })
  const hit: Hit = { ...window, detector: rule.detector, stage: window.stage }
  account.hits.push(hit)
  return hit
}

function highest(account: Account, rule: Rule, hits: readonly Hit[]): Stage | undefined {
  const all = hitsOf(account, rule.detector)
  return hits.map((hit) => rule.stageOf(hit, all)).sort((a, b) => rank(b) - rank(a))[0]
}

export function hitsOf(account: Account, detector: string): Hit[] {
  return account.hits.filter((hit) => hit.detector === detector)
}

function retract(
  account: Account,
  rule: Rule,
  moment: Moment,
): Readonly<{ records: RecountRecord[]; left: Hit[] }> | undefined {
  const open = findOpen(account, rule.detector, SUBJECT)
  if (open === undefined) return undefined
  const left = hitsOf(account, rule.detector).filter((hit) => hit.episodeId === open.episodeId)
  if (rank(highest(account, rule, left)) >= rank(open.stage)) return undefined
  for (const hit of left) delete hit.episodeId
  return { records: [end(account, open, 'retracted', moment)], left }
}

/** New hits belong to the episode that stands; the first date at `warning` is remembered. */
function mark(account: Account, rule: Rule, hits: readonly Hit[]): void {
  const open = findOpen(account, rule.detector, SUBJECT)
  if (open === undefined) return
  for (const hit of hits) hit.episodeId ??= open.episodeId
  if (open.stage !== 'warning' || open.warningOn !== undefined) return
  const all = hitsOf(account, rule.detector)
  const warned = hits.filter((hit) => rule.stageOf(hit, all) === 'warning').map(({ day }) => day)
  const first = warned.sort()[0]
  if (first !== undefined) open.warningOn = first
}

/** Lower end of the two-sided 95 % Wilson interval. */
export function lowerBound(k: number, n: number): number {
  if (n === 0) return 0
  const z = 1.96
  const p = k / n
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  return (p + (z * z) / (2 * n) - spread) / (1 + (z * z) / n)
}
