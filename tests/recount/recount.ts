/**
 * The detectors once more, from the sentences of the rules: all raw events are kept, and every
 * answer is counted from them. Slow on purpose, and of nothing that it is compared with.
 */
import {
  createAccount,
  end,
  inOrder,
  openEpisodes,
  type Account,
  type Moment,
  type RecountRecord,
} from './account.ts'
import { BEHAVIOURS, judgeBehaviour } from './behaviour.ts'
import { at, compareText, dayOf, plusDays } from './civil.ts'
import { judgeDeadlines, MEASURED } from './deadlines.ts'
import { judgeRejections } from './rejections.ts'
import { isRepeat, readLine, zoneOf, type RawEvent } from './raw.ts'

export type { RecountRecord } from './account.ts'

/** Every detector that is counted again here. */
export const RECOUNTED = [...MEASURED, ...BEHAVIOURS]

const GRACE_MS = 60_000
const FINAL = ['account.deregistered', 'cancellation.completed']

/** Lines arrive in their order; the records come in the order in which they are printed. */
export function recount(
  lines: readonly string[],
  options: Readonly<{ untilMs?: number; detectors?: Iterable<string> }> = {},
): RecountRecord[] {
  const untilMs = options.untilMs ?? Infinity
  const asked = options.detectors === undefined ? undefined : new Set(options.detectors)
  const accounts = new Map<string, Account>()
  const records: RecountRecord[] = []
  let clockMs = -Infinity
  for (const [seq, line] of lines.entries()) {
    const event = readLine(line, seq)
    if (event.arrivalMs > untilMs || event.merchantId === '*') continue
    clockMs = Math.max(clockMs, event.arrivalMs)
    records.push(...fireTimers(accounts, clockMs - GRACE_MS))
    const key = `${event.tenant}\n${event.merchantId}`
    const account = accounts.get(key) ?? createAccount(event, clockMs - GRACE_MS, asked)
    accounts.set(key, account)
    records.push(...foldEvent(account, event, clockMs - GRACE_MS))
  }
  if (untilMs !== Infinity) records.push(...fireTimers(accounts, untilMs - GRACE_MS))
  return records
}

/** Every stage starts, and every day closes, at a local midnight: so each of them is looked at. */
function fireTimers(accounts: ReadonlyMap<string, Account>, toMs: number): RecountRecord[] {
  const records: RecountRecord[] = []
  for (;;) {
    const [next] = [...accounts.values()]
      .filter(({ isDeregistered }) => !isDeregistered)
      .map((account) => ({ account, dueMs: nextMidnight(account) }))
      .filter(({ dueMs }) => dueMs <= toMs)
      .sort((a, b) => a.dueMs - b.dueMs || compareAccounts(a.account, b.account))
    if (next === undefined) return records
    next.account.firedToMs = next.dueMs
    records.push(...step(next.account, { atMs: next.dueMs, dueByMs: next.dueMs }))
  }
}

function nextMidnight({ events, firedToMs }: Account): number {
  const zone = zoneOf(events)
  let day = dayOf(firedToMs, zone)
  while (at(day, zone) <= firedToMs) day = plusDays(day, 1)
  return at(day, zone)
}

function compareAccounts(a: Account, b: Account): number {
  return compareText(a.tenant, b.tenant) || compareText(a.merchantId, b.merchantId)
}

function foldEvent(account: Account, event: RawEvent, dueByMs: number): RecountRecord[] {
  if (account.isDeregistered || isRepeat(event, account.events, zoneOf(account.events))) return []
  account.events.push(event)
  judgeRejections(account, event)
  account.firedToMs = Math.max(account.firedToMs, dueByMs)
  return step(account, { atMs: event.arrivalMs, dueByMs, event })
}

function step(account: Account, moment: Moment): RecountRecord[] {
  if (moment.event !== undefined && FINAL.includes(moment.event.type)) {
    account.isDeregistered = true
    const all = openEpisodes(account)
    return all.map((episode) => end(account, episode, 'superseded', moment)).sort(inOrder)
  }
  const said = [...judgeDeadlines(account, moment), ...judgeBehaviour(account, moment)]
  return said.sort(inOrder)
}
