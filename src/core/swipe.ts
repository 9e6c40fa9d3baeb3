/** One attempt at one terminal: what tells a repeated authorisation whose id was lost on the way. */
import { hashOfId } from '../events/hash.ts'
import type { TerminalEvent } from '../events/event.ts'
import type { Day } from './time.ts'

/** 48 bits of (terminalId, stan, rrn, local date); 0 where the event has no stan or no rrn. */
export function swipeOf(event: TerminalEvent, on: Day): number {
  if (event.type !== 'card.authorisation') return 0
  const { terminalId, stan, rrn } = event.data
  if (stan === undefined || rrn === undefined) return 0
  return hashOfId(terminalId, stan, rrn, String(on))
}
