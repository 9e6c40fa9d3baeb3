/** Deadlines and facts: what is measured against what has been said. */
import {
  end,
  findOpen,
  isOn,
  openEpisode,
  openEpisodes,
  raise,
  type Account,
  type Episode,
  type Moment,
  type RecountRecord,
  type Resolution,
} from './account.ts'
import { measureBalance } from './balances.ts'
import { measureCollections } from './collections.ts'
import { measureDocuments } from './documents.ts'
import { isWithheld, measureFees } from './fees.ts'
import { isClosing, measureInactivity, waitEndsMs } from './inactivity.ts'
import { rank, stageAt, subjectOf, type Measure, type Stage } from './measure.ts'
import { measurePayouts } from './payouts.ts'
import { zoneOf, type RawEvent } from './raw.ts'
import { measureRejections } from './rejections.ts'
import { isReplacedByAnother } from './terminals.ts'

const ABSENCE = ['merchant-inactivity', 'terminal-inactivity', 'never-activated', 'pause-ending']
const FACTS = ['fee-collection-failed', 'payout-returned', 'network-rejected']
const DATED = ['fee-due-soon', 'fee-overdue', 'negative-balance', 'document-expiry']
export const MEASURED = [...ABSENCE, ...FACTS, ...DATED]

type Context = Readonly<{
  account: Account
  moment: Moment
  zone: string
  measures: readonly Measure[]
  isClosing: boolean
  /** A warning about the merchant's silence stands after this step. */
  isRolledUp: boolean
}>

export function judgeDeadlines(account: Account, moment: Moment): RecountRecord[] {
  const context = contextOf(account, moment)
  const over = openEpisodes(account).filter((episode) => isOver(episode, context))
  const endings = over.map((episode) => ({ episode, how: howEnded(episode, context) }))
  const ends = endings.map(({ episode, how }) => end(account, episode, how, moment))
  return [...ends, ...context.measures.flatMap((measure) => speak(measure, context))]
}

function contextOf(account: Account, moment: Moment): Context {
  const { events } = account
  const zone = zoneOf(events)
  const closing = isClosing(events)
  const { merchant, terminals, others } = measureInactivity(events, zone, moment.dueByMs)
  const isRolledUp = !closing && merchant.some((measure) => stands(measure, account, moment, zone))
  const absence = [...merchant, ...others, ...(isRolledUp ? [] : terminals)]
  const measures = [...(closing ? [] : absence), ...measureTold(account, events, zone)].filter(
    ({ detector }) => isOn(account, detector),
  )
  return { account, moment, zone, measures, isClosing: closing, isRolledUp }
}

/** What somebody told of: money, documents, refusals; some of the account's events only. */
function measureTold(account: Account, events: readonly RawEvent[], zone: string): Measure[] {
  return [
    ...measureFees(events, zone),
    ...measureCollections(events),
    ...measureBalance(events, zone),
    ...measureDocuments(events, zone),
    ...measurePayouts(events, zone),
    ...measureRejections(account.rejections, events),
  ]
}

function stands(measure: Measure, account: Account, moment: Moment, zone: string): boolean {
  const open = findOpen(account, measure.detector, measure.subject)
  return open?.cause === measure.cause || reached(measure, moment, zone) !== undefined
}

/** The stage that may be told now. */
function reached(measure: Measure, { dueByMs }: Moment, zone: string): Stage | undefined {
  if (measure.isHeld === true) return undefined
  const steps = measure.steps.filter((step) => {
    if ((measure.heldUntilMs?.(step) ?? -Infinity) > dueByMs) return false
    return !(measure.isWaiting?.(step) === true && waitEndsMs(step, zone) > dueByMs)
  })
  return stageAt({ ...measure, steps }, dueByMs)
}

function isOver(episode: Episode, { measures, moment }: Context): boolean {
  if (!MEASURED.includes(episode.detector)) return false
  const measure = measures.find((candidate) => isAbout(candidate, episode))
  if (measure === undefined || measure.cause !== episode.cause) return true
  return measure.endsAtMs !== undefined && measure.endsAtMs <= moment.dueByMs
}

function isAbout(measure: Measure, { detector, subject }: Episode): boolean {
  return measure.detector === detector && measure.subject === subject
}

function howEnded(episode: Episode, context: Context): Resolution | 'retracted' {
  const { account, moment, zone } = context
  const { detector, subject } = episode
  if (context.isClosing && ABSENCE.includes(detector)) return 'superseded'
  if (isOfReplaced(subject, account.events)) return 'superseded'
  if (detector === 'terminal-inactivity' && context.isRolledUp) return 'rolled-up'
  if (detector === 'fee-due-soon' && isFollowedByOverdue(episode, context)) return 'superseded'
  return wasTrue(episode, account, zone, moment) ? 'cleared' : 'retracted'
}

function isOfReplaced(subject: string, events: readonly RawEvent[]): boolean {
  return events.some(({ data: { terminalId } }) => {
    if (terminalId === undefined || !isReplacedByAnother(terminalId, events)) return false
    const own = subjectOf('terminal', terminalId)
    return subject === own || subject.startsWith(`${own}:`)
  })
}

function isFollowedByOverdue(episode: Episode, { account, moment, measures, zone }: Context) {
  const { subject, cause } = episode
  const isSaid = findOpen(account, 'fee-overdue', subject) !== undefined
  const overdue = measures.find((m) => m.detector === 'fee-overdue' && m.subject === subject)
  const opens = overdue !== undefined && reached(overdue, moment, zone) !== undefined
  return !isSaid && opens && overdue.cause === cause
}

/** Would the stage told last have been told then, from what had happened by then? */
function wasTrue(
  { detector, subject, stage, stageAtMs, stageByEvent }: Episode,
  account: Account,
  zone: string,
  { event }: Moment,
): boolean {
  if (event?.t === stageAtMs) return true
  const before = account.events.filter(
    ({ t }) => t < stageAtMs || (stageByEvent && t === stageAtMs),
  )
  const { merchant, terminals, others } = measureInactivity(before, zone, stageAtMs)
  const measures = [...merchant, ...terminals, ...others, ...measureTold(account, before, zone)]
  const then = measures.find((m) => m.detector === detector && m.subject === subject)
  if (then === undefined) return false
  if (detector === 'terminal-inactivity' && then.isHeld === true) return false
  if (detector === 'fee-due-soon' && isWithheld(before, subject, zone)) return false
  return rank(stageAt(then, stageAtMs)) >= rank(stage)
}

function speak(measure: Measure, { account, moment, zone }: Context): RecountRecord[] {
  const stage = reached(measure, moment, zone)
  const open = findOpen(account, measure.detector, measure.subject)
  if (stage === undefined) return []
  if (open === undefined) return [openEpisode(account, { ...measure, stage }, moment)]
  return rank(stage) > rank(open.stage) ? [raise(account, open, stage, moment)] : []
}
