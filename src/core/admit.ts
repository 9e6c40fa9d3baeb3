/** Whether an event was folded already. */
import type { TerminalEvent } from '../events/event.ts'
import type { Account } from './account.ts'
import type { Note } from './observer.ts'
import { isBeyond, remember, repeatOf } from './seen-ids.ts'
import type { Repeat } from './seen-ids.ts'
import { swipeOf } from './swipe.ts'
import type { EpochMs, Zone } from './time.ts'

/** A repeat changes nothing; what is new is remembered. */
export function admit(
  account: Account,
  event: TerminalEvent,
  timeMs: EpochMs,
  arrivedMs: EpochMs,
  zone: Zone,
  notes: Note[],
): Repeat {
  const { idHash, bodyHash } = event
  const swipe = swipeOf(event, zone.dayOf(timeMs))
  const sighting = { timeMs, arrivedMs, idHash, bodyHash, swipe }
  const repeat = repeatOf(account.seen, sighting)
  if (repeat !== 'new' || isIdle(account, event)) return repeat
  if (isBeyond(account.seen, timeMs)) notes.push({ kind: 'late', action: 'unchecked' })
  if (remember(account.seen, sighting)) account.dirty.past = true
  account.dirty.now = true
  return 'new'
}

/** A repeat of it would change nothing: no id is kept. */
function isIdle({ facts }: Account, event: TerminalEvent): boolean {
  switch (event.type) {
    case 'terminal.heartbeat': {
      const { terminalId, storedOfflineCount = 0 } = event.data
      return storedOfflineCount === 0 && facts.terminals.get(terminalId)?.hasBacklog === false
    }
    case 'terminal.location':
    case 'terminal.software.reported':
    case 'terminal.tms.contact':
      return facts.terminals.has(event.data.terminalId)
    default:
      return false
  }
}
