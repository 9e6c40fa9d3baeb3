import { expect, test } from 'vitest'
import { createMemoryWarningLog } from '../../src/adapters/memory.ts'
import { SILENT } from '../../src/core/observer.ts'
import type { Clock, WarningLog } from '../../src/core/ports.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/core/time.ts'
import { createRelay } from '../../src/engine/relay.ts'
import { warning } from '../contracts/warning-log.ts'

/** A relay on a clock that the test moves, and how often the outputs were opened. */
function setUp(memory = createMemoryWarningLog()) {
  let opened = 0
  const output: WarningLog = {
    ...memory,
    open: (...from) => {
      opened++
      return memory.open(...from)
    },
  }
  let nowMs = 0
  const clock: Clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: () => Promise.resolve(),
  }
  let acknowledged = Promise.withResolvers<void>()
  const relay = createRelay(
    {
      ...{ output, partition: 0, clock, observer: SILENT },
      random: { writerId: () => 'w', fraction: () => 0 },
      rest: () => Promise.resolve(true),
    },
    { mark: undefined, entries: [] },
    { acknowledged: () => acknowledged.resolve(), bug: (error) => acknowledged.reject(error) },
  )
  return {
    relay,
    send: async (sequence: number, atMs: number) => {
      nowMs = atMs
      acknowledged = Promise.withResolvers()
      relay.add([warning(sequence)])
      await acknowledged.promise
    },
    opened: () => opened,
  }
}

test('fences once, and again before the first record that is sent 12 hours later', async () => {
  const { send, opened } = setUp()
  await send(1, 0)
  await send(2, 12 * HOUR_MS - 1)
  expect(opened()).toBe(1)
  await send(3, 12 * HOUR_MS)
  expect(opened()).toBe(2)
  // A broker forgets a writer after a day: whatever the pause, it is known again before it sends.
  await send(4, 40 * HOUR_MS)
  expect(opened()).toBe(3)
})

test('the mark passes what another life said only when a later proof has told it again', async () => {
  const memory = createMemoryWarningLog()
  const other = await memory.open(0, undefined)
  await other.append([warning(9)])
  const { send, relay } = setUp(memory)
  // Proven before the outputs were opened: the other life may have proven more since.
  relay.caughtUp(0, 0)
  await send(1, HOUR_MS)
  expect(relay.takeAcknowledged().mark).toBeUndefined()
  // And so with a proof of the other's host, whose clock may be five minutes ahead.
  relay.caughtUp(2, HOUR_MS + 5 * MINUTE_MS - 1)
  await send(2, HOUR_MS)
  expect(relay.takeAcknowledged().mark).toBeUndefined()
  relay.caughtUp(3, HOUR_MS + 5 * MINUTE_MS)
  await send(3, HOUR_MS)
  expect(relay.takeAcknowledged().mark).not.toBeUndefined()
})
