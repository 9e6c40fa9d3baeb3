/** The two behaviour detectors: hits judged at events, ends at day closes. */
import {
  dateIn,
  end,
  findOpen,
  openEpisode,
  openEpisodes,
  raise,
  type Account,
  type DayHit,
  type Episode,
  type Moment,
  type RecountRecord,
} from './account.ts'
import { judgeBursts, type Judged } from './bursts.ts'
import { at, plusDays, type Day } from './civil.ts'
import { rank, type Stage } from './measure.ts'
import { isAttempt, isSale, isUndoing, undoingsOf, zoneOf, type RawEvent } from './raw.ts'
import { changesDays, entersDays } from './sales.ts'
import { isWeekTrue, judgeDay } from './volume.ts'

const BURST = 'decline-burst-card'
const SPIKE = 'volume-spike'
const SUBJECT = 'account'
const SILENT_DAYS = 90

export function judgeBehaviour(account: Account, moment: Moment): RecountRecord[] {
  const { event } = moment
  if (event === undefined) return closeDay(account, moment)
  if (event.type === 'information.submitted') return review(account, event, moment)
  const bursts = isAttempt(event) ? judgeBursts(account, event) : undefined
  return [
    ...(bursts === undefined ? [] : speak(account, BURST, bursts, moment)),
    ...judgeDays(account, event, moment),
  ]
}

function speak(
  account: Account,
  detector: string,
  { stage, isNew }: Judged,
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

function review(account: Account, event: RawEvent, moment: Moment): RecountRecord[] {
  const { warningId, outcome } = event.data
  if (outcome !== 'accepted' || warningId === undefined) return []
  const meant = openEpisodes(account).find(({ detector, episodeId, recordIds }) => {
    const isOurs = detector === BURST || detector === SPIKE
    return isOurs && [episodeId, ...recordIds].includes(warningId)
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
    .filter((episode) => isQuiet(account, episode, recent))
    .map((episode) => end(account, episode, 'cleared', moment))
}

function isQuiet(account: Account, episode: Episode, recent: readonly Day[]): boolean {
  const [, ended = '', next = ''] = recent
  if (episode.detector === BURST) {
    return !account.burstHits.some(({ day }) => recent.includes(day))
  }
  if (episode.detector !== SPIKE) return false
  if (account.dayHits.has(next)) return false
  const mine = [...account.dayHits.values()].filter((hit) => hit.episodeId === episode.episodeId)
  const isDayQuiet = !recent.some((day) => account.dayHits.get(day)?.ld === true)
  const isWeekQuiet = !isWeekTrue(account, ended)
  return (!mine.some(({ ld }) => ld) || isDayQuiet) && (!mine.some(({ d7 }) => d7) || isWeekQuiet)
}
