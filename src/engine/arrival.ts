/** When a record counts as arrived. */
import type { RawRecord } from '../core/ports.ts'
import { MINUTE_MS } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'
import type { TerminalEvent } from '../events/event.ts'

/** Control records concern many accounts and are nobody's own. */
export const CONTROL = '*'

/** A live record timestamp further ahead of the wall than this does not move the clock with it. */
export const AHEAD_MAX_MS = 5 * MINUTE_MS

/** 2149-01-01: dates of the state have sixteen bits. Whatever claims to arrive later arrives then. */
const ARRIVAL_MAX_MS = 5_648_745_600_000

/** In a file the envelope's `receivedat` wins; in a log its own timestamp; the event's time is last. */
export function arrivalOf(
  record: RawRecord,
  event: TerminalEvent,
  from: 'log' | 'envelope',
): EpochMs {
  const arrivedMs =
    from === 'log'
      ? (record.timestampMs ?? event.receivedAtMs ?? event.timeMs)
      : (event.receivedAtMs ?? record.timestampMs ?? event.timeMs)
  return Math.min(arrivedMs, ARRIVAL_MAX_MS)
}

/** One account of one tenant, as the store and the due index name it. */
export function accountKey(tenant: string, merchantId: string): string {
  return `${tenant}\n${merchantId}`
}
