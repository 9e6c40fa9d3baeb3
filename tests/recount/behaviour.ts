/** The behaviour detectors: hits judged at events, ends at day closes. */
import {
  dateIn,
  end,
  findOpen,
  isOn,
  openEpisodes,
  type Account,
  type DayHit,
  type Episode,
  type Moment,
  type RecountRecord,
} from './account.ts'
import { judgeBursts } from './bursts.ts'
import { judgeRepeats, REPEAT } from './cards.ts'
import { at, plusDays, type Day } from './civil.ts'
import { DORMANT, judgeDormant } from './dormant.ts'
import { hitsOf, speak, SUBJECT } from './hits.ts'
import { rank, type Stage } from './measure.ts'
import { judgeRatio, judgeTesting, RATIO, TESTING } from './ratio.ts'
import { isAttempt, isSale, isUndoing, undoingsOf, zoneOf, type RawEvent } from './raw.ts'
import { judgeRefunds, UNMATCHED } from './refunds.ts'
import { isRound, judgeRound, ROUND } from './round.ts'
import { changesDays, entersDays } from './sales.ts'
import { isWeekTrue, judgeDay } from './volume.ts'

const BURST = 'decline-burst-card'
const SPIKE = 'volume-spike'
/** Judged before round-amount, which looks at what they have opened. */
const OTHERS = [BURST, SPIKE, RATIO, TESTING, REPEAT, DORMANT, UNMATCHED]
export const BEHAVIOURS = [...OTHERS, ROUND]
const SILENT_DAYS = 90

export function judgeBehaviour(account: Account, moment: Moment): RecountRecord[] {
  const { event } = moment
  if (event === undefined) return closeDay(account, moment)
  if (event.type === 'information.submitted') return review(account, event, moment)
  const said = OTHERS.filter((detector) => isOn(account, detector)).flatMap((detector) => {
    return judgeOther(account, detector, event, moment)
  })
  return [...said, ...(isOn(account, ROUND) ? judgeRound(account, event, OTHERS, moment) : [])]
}

function judgeOther(
  account: Account,
  detector: string,
  event: RawEvent,
  moment: Moment,
): RecountRecord[] {
  if (detector === SPIKE) return judgeDays(account, event, moment)
  if (detector === REPEAT) return judgeRepeats(account, event, moment)
  if (detector === DORMANT) return judgeDormant(account, event, moment)
  if (detector === UNMATCHED) return judgeRefunds(account, event, moment)
  if (!isAttempt(event)) return []
  if (detector === RATIO) return judgeRatio(account, event, moment)
  if (detector === TESTING) return judgeTesting(account, event, moment)
  return speak(account, BURST, judgeBursts(account, event), moment)
}

function review(account: Account, event: RawEvent, moment: Moment): RecountRecord[] {
  const { warningId, outcome } = event.data
  if (outcome !== 'accepted' || warningId === undefined) return []
  const meant = openEpisodes(account).find(({ detector, episodeId, recordIds }) => {
    return BEHAVIOURS.includes(detector) && [episodeId, ...recordIds].includes(warningId)
  })
  if (meant === undefined) return []
  const until = plusDays(dateIn(account, moment.atMs), SILENT_DAYS)
  account.silentUntilMs.set(meant.detector, at(until, zoneOf(account.events)))
  return [end(account, meant, 'reviewed', moment)]
}

/** The first day whose windows an event changes, or `undefined` when it changes none. */
function firstDayTouched(account: Account, event: RawEvent): Day | undefined {
  const days = undoingsOf(account.events)
    .filter((undoing) => undoing.knownWith === event && changesDays(undoing))
    .map(({ original, by, inRing }) => {
      const isNamed = !inRing && by.data.originalTime !== undefined
      const ms = isNamed ? Temporal.Instant.from(by.data.originalTime ?? '').epochMilliseconds : 0
      return dateIn(account, isNamed ? ms : original.t)
    })
  if (isSale(event) && entersDays(event)) days.push(dateIn(account, event.t))
  return days.sort()[0]
}

function judgeDays(account: Account, event: RawEvent, moment: Moment): RecountRecord[] {
  const first = firstDayTouched(account, event)
  if (first === undefined) return []
  const today = dateIn(account, event.arrivalMs)
  const isLate = isUndoing(event) || first < today
  const fresh: DayHit[] = []
  const hits: DayHit[] = []
  for (let day = first; day <= today || day === first; day = plusDays(day, 1)) {
    const isNew = !account.dayHits.has(day)
    const hit = rejudge(account, day)
    if (hit === undefined) continue
    hits.push(hit)
    if (isNew || !isLate) fresh.push(hit)
  }
  const retracted = isLate ? retract(account, moment) : undefined
  const left = retracted?.left ?? []
  const mayOpen = [...fresh, ...left]
  const open = findOpen(account, SPIKE, SUBJECT)
  // What an earlier episode was about raises no later one.
  const mine = hits.filter(({ episodeId }) => episodeId === open?.episodeId)
  const stage = highest(open === undefined ? mayOpen : [...mayOpen, ...mine])
  const said = speak(account, SPIKE, { stage, isNew: mayOpen.length > 0 }, moment)
  markHits(account, hits, left)
  return [...(retracted?.records ?? []), ...said]
}

/** Judges a day again and holds what it says now. */
function rejudge(account: Account, day: Day): DayHit | undefined {
  const before = account.dayHits.get(day)
  const now = judgeDay(account, day)
  if (now === undefined) {
    account.dayHits.delete(day)
    return undefined
  }
  const hit: DayHit =
    before?.episodeId === undefined ? now : { ...now, episodeId: before.episodeId }
  account.dayHits.set(day, hit)
  return hit
}

function highest(hits: readonly DayHit[]): Stage | undefined {
  return hits.map(({ stage }) => stage).sort((a, b) => rank(b) - rank(a))[0]
}

/** Where no judgement of the episode reaches what was told, with what is known now. */
function retract(
  account: Account,
  moment: Moment,
): Readonly<{ records: RecountRecord[]; left: DayHit[] }> | undefined {
  const open = findOpen(account, SPIKE, SUBJECT)
  if (open === undefined) return undefined
  const days = [...account.dayHits.values()]
    .filter(({ episodeId }) => episodeId === open.episodeId)
    .map(({ day }) => day)
    .sort()
  const left = days.flatMap((day) => rejudge(account, day) ?? [])
  if (rank(highest(left)) >= rank(open.stage)) return undefined
  for (const hit of left) delete hit.episodeId
  return { records: [end(account, open, 'retracted', moment)], left }
}

/** New hits belong to the episode that stands; the first date at `warning` is remembered. */
function markHits(account: Account, hits: readonly DayHit[], left: readonly DayHit[]): void {
  const open = findOpen(account, SPIKE, SUBJECT)
  if (open === undefined) return
  const mine = [...left, ...hits].map(({ day }) => account.dayHits.get(day))
  for (const hit of mine) if (hit !== undefined) hit.episodeId ??= open.episodeId
  if (open.stage !== 'warning' || open.warningOn !== undefined) return
  const warned = mine.flatMap((hit) => (hit?.stage === 'warning' ? [hit.day] : []))
  const first = warned.sort()[0]
  if (first !== undefined) open.warningOn = first
}

/** Timers at local midnights: the day that has ended, and what the new one has seen so far. */
function closeDay(account: Account, moment: Moment): RecountRecord[] {
  const next = dateIn(account, moment.atMs)
  const ended = plusDays(next, -1)
  const recent = [plusDays(ended, -1), ended, next]
  return openEpisodes(account)
    .filter(({ openedAtMs }) => openedAtMs < moment.atMs)
    .filter((episode) => isQuiet(account, episode, recent))
    .map((episode) => end(account, episode, 'cleared', moment))
}

function isQuiet(account: Account, episode: Episode, recent: readonly Day[]): boolean {
  const [, ended = '', next = ''] = recent
  if (episode.detector === BURST) {
    return !account.burstHits.some(({ day }) => recent.includes(day))
  }
  if (episode.detector === ROUND) {
    const isOnNext = hitsOf(account, ROUND).some(({ day }) => day === next)
    return !isOnNext && !isRound(account, ended)
  }
  if (episode.detector !== SPIKE) {
    const hits = hitsOf(account, episode.detector)
    return BEHAVIOURS.includes(episode.detector) && !hits.some(({ day }) => recent.includes(day))
  }
  if (account.dayHits.has(next)) return false
  const mine = [...account.dayHits.values()].filter((hit) => hit.episodeId === episode.episodeId)
  const isDayQuiet = !recent.some((day) => account.dayHits.get(day)?.ld === true)
  const isWeekQuiet = !isWeekTrue(account, ended)
  return (!mine.some(({ ld }) => ld) || isDayQuiet) && (!mine.some(({ d7 }) => d7) || isWeekQuiet)
}
