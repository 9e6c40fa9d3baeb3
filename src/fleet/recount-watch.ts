/** What the recounts of behaviour share: windows that hit, what was told of them, and its end. */
import type { Day, Place } from './civil.ts'
import type { Tell, Told } from './recount-track.ts'

export type Level = 'notice' | 'warning'

export type Hit = Readonly<{
  rule: string
  /** Local date of the window's end. */
  day: Day
  /** The window's end in the rule's own unit: milliseconds, a pane, a date. */
  at: number
  level: Level
  /** Never more than a notice, whatever comes beside it. */
  isCapped: boolean
  episode: number
}>

export type Verdict = Readonly<{
  rule: string
  day: Day
  at: number
  /** Undefined where the rule does not hold. */
  level: Level | undefined
  isCapped?: boolean
}>

export type Watch = {
  readonly detector: string
  readonly place: Place
  readonly tell: Tell
  /** Whether hits beside it make a warning of this one. */
  readonly isRaised: (hit: Hit, hits: readonly Hit[]) => boolean
  hits: Map<string, Hit>
  episode: number
  open: Level | undefined
  /** Date of the hit that made the open episode a warning. */
  warnedFrom: Day | undefined
  /** Dates on which it stood at `warning`, of episodes that were true. */
  warned: Set<Day>
  nextClose: Day
  nextMs: number
}

export function createWatch(
  detector: string,
  { place, tell }: Readonly<{ place: Place; tell: Tell }>,
  isRaised: Watch['isRaised'] = () => false,
): Watch {
  return {
    ...{ detector, place, tell, isRaised },
    hits: new Map(),
    episode: 0,
    open: undefined,
    warnedFrom: undefined,
    warned: new Set(),
    nextClose: 0,
    nextMs: Infinity,
  }
}

/**
 * Takes what was judged of one event. A revision, which is a late event or something taken back, may
 * prove wrong what was told: then it is taken back, and what is left of it is told anew.
 */
export function weigh(
  watch: Watch,
  verdicts: readonly Verdict[],
  arriveMs: number,
  isRevision: boolean,
): void {
  if (!isRevision && verdicts.every(({ level }) => level === undefined)) return
  let spoken = verdicts.flatMap((verdict) => keep(watch, verdict, isRevision) ?? [])
  if (isRevision && watch.open !== undefined) {
    const mine = hitsOf(watch).filter(({ episode }) => episode === watch.episode)
    if (!mine.some((hit) => rank(levelOf(watch, hit)) >= rank(watch.open))) {
      endWatch(watch, 'retracted', arriveMs)
      for (const hit of mine) watch.hits.set(keyOf(hit), { ...hit, episode: watch.episode + 1 })
      spoken = mine
    }
  }
  // One record, of the highest: and of several the earliest.
  const highest = spoken.find((hit) => levelOf(watch, hit) === 'warning') ?? spoken[0]
  if (highest !== undefined) speak(watch, highest, arriveMs)
}

/** The hit, where there is something to say of it. */
function keep(watch: Watch, verdict: Verdict, isRevision: boolean): Hit | undefined {
  const { rule, day, at, level, isCapped = false } = verdict
  const key = keyOf(verdict)
  const held = watch.hits.get(key)
  if (level === undefined) {
    if (isRevision) watch.hits.delete(key)
    return undefined
  }
  const episode = watch.open === undefined ? watch.episode + 1 : watch.episode
  // A late event says nothing of a window that an earlier episode told of.
  if (isRevision && held !== undefined && held.episode !== episode) return undefined
  const wasWarning = !isRevision && held?.episode === episode && held.level === 'warning'
  const hit = { rule, day, at, level: wasWarning ? 'warning' : level, isCapped, episode } as const
  watch.hits.set(key, hit)
  return hit
}

function speak(watch: Watch, hit: Hit, arriveMs: number): void {
  const level = levelOf(watch, hit)
  if (rank(level) <= rank(watch.open)) return
  if (watch.open === undefined) {
    watch.episode++
    watch.nextClose = watch.place.dayAt(arriveMs)
    watch.nextMs = watch.place.startMs(watch.nextClose + 1)
  }
  watch.open = level
  if (level === 'warning') watch.warnedFrom = hit.day
  watch.tell(watch.detector, 'account', level, arriveMs)
}

/** The close of a day: over after two days without a hit, or where `isStill` denies it. */
export function closeWatch(watch: Watch, isStill?: (day: Day) => boolean): void {
  const day = watch.nextClose
  const from = isStill === undefined ? day - 1 : day + 1
  const isAlive = hitsOf(watch).some((hit) => hit.day >= from) || isStill?.(day) === true
  if (!isAlive) return endWatch(watch, 'resolved', watch.nextMs)
  watch.nextClose++
  watch.nextMs = watch.place.startMs(watch.nextClose + 1)
}

export function endWatch(watch: Watch, told: Told, atMs: number): void {
  if (watch.open === undefined) return
  watch.tell(watch.detector, 'account', told, atMs)
  if (watch.warnedFrom !== undefined && told === 'resolved') {
    for (let at = watch.warnedFrom; at <= watch.nextClose; at++) watch.warned.add(at)
  }
  watch.open = undefined
  watch.warnedFrom = undefined
  watch.nextMs = Infinity
}

/** The lower end of Wilson's two-sided 95 % interval for k of n. */
export function lowerBound(k: number, n: number): number {
  if (n === 0) return 0
  const z = 1.96
  const p = k / n
  const middle = p + (z * z) / (2 * n)
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  return (middle - half) / (1 + (z * z) / n)
}

export function hitsOf(watch: Watch): Hit[] {
  return [...watch.hits.values()]
}

function levelOf(watch: Watch, hit: Hit): Level {
  if (hit.level === 'warning' || hit.isCapped) return hit.level
  return watch.isRaised(hit, hitsOf(watch)) ? 'warning' : 'notice'
}

function rank(level: Level | undefined): number {
  if (level === undefined) return 0
  return level === 'notice' ? 1 : 2
}

function keyOf({ rule, at }: Readonly<{ rule: string; at: number }>): string {
  return `${rule} ${at}`
}
