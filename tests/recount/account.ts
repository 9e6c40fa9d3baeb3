/** One account: its raw events, what has been said about it, and the hits that were judged. */
import { hash } from 'node:crypto'
import { compareText, dayOf, type Day } from './civil.ts'
import type { Gap } from './dormant.ts'
import type { Hit } from './hits.ts'
import { rank, type Stage } from './measure.ts'
import { zoneOf, type RawEvent } from './raw.ts'

export type RecountRecord = Readonly<{
  detector: string
  subject: string
  reason: 'opened' | 'raised' | 'resolved' | 'retracted'
  /** Of an end: the stage told last. */
  stage: Stage
  resolution?: Resolution
  /** Epoch milliseconds: a timer's own instant, or the arrival of the event. */
  time: number
  tenant: string
  merchantId: string
  openedAtMs: number
  /** `timer`, or source and id of the event, a line feed between them. */
  openedBy: string
  id: string
}>
export type Resolution = 'cleared' | 'reviewed' | 'superseded' | 'rolled-up'

export type Episode = {
  detector: string
  subject: string
  cause: string
  stage: Stage
  stageAtMs: number
  stageByEvent: boolean
  openedAtMs: number
  openedBy: string
  episodeId: string
  recordIds: string[]
  /** Behaviour: the date of the hit that reached the stage `warning`. */
  warningOn?: Day
  closed?: Readonly<{ atMs: number; reason: 'resolved' | 'retracted' }>
}

/** One card whose declines reached the rule in the window that ends at one attempt. */
export type BurstHit = Readonly<{ card: string; endId: string; endMs: number; day: Day }>
/** What the last judgement of a local day's windows said. */
export type DayHit = { day: Day; ld: boolean; d7: boolean; stage: Stage; episodeId?: string }

export type Account = {
  /** Those asked; all when absent. */
  detectors: ReadonlySet<string> | undefined
  tenant: string
  merchantId: string
  events: RawEvent[]
  episodes: Episode[]
  burstHits: BurstHit[]
  /** The attempts that completed a burst of rejections. */
  rejections: RawEvent[]
  /** Of the other behaviours, the windows that were judged true. */
  hits: Hit[]
  /** What was usual before an account fell asleep. */
  gaps: Gap[]
  dayHits: Map<Day, DayHit>
  /** Per behaviour detector, after a review. */
  silentUntilMs: Map<string, number>
  isDeregistered: boolean
  /** Timers up to this instant have fired. */
  firedToMs: number
}

/** When and by what an account is looked at. */
export type Moment = Readonly<{
  atMs: number
  /** Stages that start later are left to their timers. */
  dueByMs: number
  /** Absent for a timer. */
  event?: RawEvent
}>

export function createAccount(
  { tenant, merchantId }: RawEvent,
  firedToMs: number,
  detectors: ReadonlySet<string> | undefined,
): Account {
  return {
    detectors,
    tenant,
    merchantId,
    events: [],
    episodes: [],
    burstHits: [],
    rejections: [],
    hits: [],
    gaps: [],
    dayHits: new Map(),
    silentUntilMs: new Map(),
    isDeregistered: false,
    firedToMs,
  }
}

export function isOn({ detectors }: Account, detector: string): boolean {
  return detectors?.has(detector) ?? true
}

export function openEpisodes(account: Account): Episode[] {
  return account.episodes.filter(({ closed }) => closed === undefined)
}

export function findOpen(account: Account, detector: string, subject: string): Episode | undefined {
  return openEpisodes(account).find((e) => e.detector === detector && e.subject === subject)
}

type About = Readonly<{ detector: string; subject: string; cause: string; stage: Stage }>

export function openEpisode(account: Account, about: About, moment: Moment): RecountRecord {
  const { tenant, merchantId } = account
  const { event, atMs } = moment
  const openedBy = event === undefined ? 'timer' : `${event.source}\n${event.id}`
  const name = [tenant, merchantId, about.detector, about.subject, atMs, openedBy].join('\n')
  const episode: Episode = {
    ...about,
    stageAtMs: atMs,
    stageByEvent: event !== undefined,
    openedAtMs: atMs,
    openedBy,
    episodeId: base32(hash('sha256', name, 'buffer')).slice(0, 26),
    recordIds: [],
  }
  account.episodes.push(episode)
  return say(account, episode, 'opened', atMs)
}

export function raise(
  account: Account,
  episode: Episode,
  stage: Stage,
  { event, atMs }: Moment,
): RecountRecord {
  Object.assign(episode, { stage, stageAtMs: atMs, stageByEvent: event !== undefined })
  return say(account, episode, 'raised', atMs)
}

export function end(
  account: Account,
  episode: Episode,
  how: Resolution | 'retracted',
  { atMs }: Moment,
): RecountRecord {
  const reason = how === 'retracted' ? 'retracted' : 'resolved'
  episode.closed = { atMs, reason }
  const record = say(account, episode, reason, atMs)
  return how === 'retracted' ? record : { ...record, resolution: how }
}

function say(
  { tenant, merchantId }: Account,
  episode: Episode,
  reason: RecountRecord['reason'],
  time: number,
): RecountRecord {
  const { detector, subject, stage, openedAtMs, openedBy, episodeId } = episode
  const isEnd = reason === 'resolved' || reason === 'retracted'
  const id = `${episodeId}-${isEnd ? reason : stage}`
  episode.recordIds.push(id)
  return {
    detector,
    subject,
    reason,
    stage,
    time,
    tenant,
    merchantId,
    openedAtMs,
    openedBy,
    id,
  }
}

/** Ends before the others, then by detector and subject. */
export function inOrder(a: RecountRecord, b: RecountRecord): number {
  const late = (record: RecountRecord) => Number(['opened', 'raised'].includes(record.reason))
  return (
    late(a) - late(b) ||
    compareText(a.detector, b.detector) ||
    compareText(a.subject, b.subject) ||
    rank(a.stage) - rank(b.stage)
  )
}

/** The local date of an instant, in the account's zone as it is known now. */
export function dateIn(account: Account, ms: number): Day {
  return dayOf(ms, zoneOf(account.events))
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** RFC 4648, lower case, without padding. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map((group) => ALPHABET[parseInt(group.padEnd(5, '0'), 2)]).join('')
}
