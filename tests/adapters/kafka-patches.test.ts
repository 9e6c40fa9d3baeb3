import { createRequire } from 'node:module'
import { expect, onTestFinished, test, vi } from 'vitest'
import { patchKafkajs } from '../../src/adapters/kafka-patches.ts'

const require = createRequire(import.meta.url)

test('the version is the one that the repairs are made for', () => {
  expect(require('kafkajs/package.json')).toMatchObject({ version: '2.2.4' })
  expect(patchKafkajs()).toEqual({
    idleTimer: true,
    endOffsets: true,
    unreadable: true,
    recordEncoder: true,
    batchEncoder: true,
  })
})

test('an idle queue sets no timer, and one that is throttled still drains', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  patchKafkajs()
  const RequestQueue = require('kafkajs/src/network/requestQueue/index.js')
  const logger = { debug: () => {} }
  const queue = new RequestQueue({ maxInFlightRequests: 1, clientId: 'c', broker: 'b', logger })
  queue.scheduleCheckPendingRequests()
  expect(vi.getTimerCount()).toBe(0)

  const sent: number[] = []
  queue.maybeThrottle(500)
  queue.push({
    entry: { correlationId: 1, apiKey: 1, apiName: 'Fetch', apiVersion: 1 },
    expectResponse: true,
    sendRequest: () => sent.push(Date.now()),
  })
  expect(sent).toEqual([])
  vi.advanceTimersByTime(499)
  expect(sent).toEqual([])
  vi.advanceTimersByTime(2)
  expect(sent).toHaveLength(1)
  vi.advanceTimersByTime(60_000)
  expect(vi.getTimerCount()).toBe(0)
})
