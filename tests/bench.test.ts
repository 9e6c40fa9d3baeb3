import { describe, expect, test } from 'vitest'
import { costsOf } from '../bench/profile.ts'
import { createStream } from '../bench/stream.ts'
import type { StreamRecord } from '../bench/stream.ts'
import { decode } from '../src/events/decode.ts'

const RECORDS = 20_000
const MERCHANTS = 1_000

describe('the stream of the benchmark', () => {
  const records = recordsOf(7)

  test('has the size asked for, and is the same for the same seed', () => {
    expect(records.length).toBe(RECORDS)
    expect(recordsOf(7)).toEqual(records)
    expect(recordsOf(8)).not.toEqual(records)
  })

  test('arrives in order', () => {
    const times = records.map(({ timestampMs }) => timestampMs)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  test('is what the service accepts, but for a malformed one in a thousand', () => {
    const kinds = records.map(kindOf)
    const count = (kind: string) => kinds.filter((it) => it === kind).length / RECORDS
    expect(new Set(kinds)).toEqual(
      new Set([
        ...['merchant.registered', 'terminal.activated', 'terminal.heartbeat', 'json-invalid'],
        ...['card.authorisation', 'card.refund', 'card.reversal'],
        ...['fee.invoiced', 'fee.payment.received'],
      ]),
    )
    expect(count('json-invalid')).toBeGreaterThan(0.0003)
    expect(count('json-invalid')).toBeLessThan(0.003)
    expect(count('card.authorisation')).toBeGreaterThan(0.75)
  })

  test('has authorisations of a usual size, a fourteenth of them declined', () => {
    const sales = records.filter((record) => kindOf(record) === 'card.authorisation')
    const bytes = sales.reduce((sum, { value }) => sum + value.length, 0) / sales.length
    expect(bytes).toBeGreaterThan(300)
    expect(bytes).toBeLessThan(360)
    const declined = sales.filter(({ value }) => value.includes('"approved":false'))
    expect(declined.length / sales.length).toBeCloseTo(0.07, 1)
  })

  test('is skewed: the busiest tenth of the merchants has most of the trade', () => {
    const byMerchant = new Map<string, number>()
    for (const { key } of records.slice(2 * MERCHANTS)) {
      byMerchant.set(key, (byMerchant.get(key) ?? 0) + 1)
    }
    const counts = [...byMerchant.values()].toSorted((a, b) => b - a)
    const busiest = counts.slice(0, MERCHANTS / 10).reduce((sum, it) => sum + it, 0)
    expect(busiest).toBeGreaterThan((RECORDS - 2 * MERCHANTS) / 2)
  })
})

test('the largest costs of a profile are named, and idle time is none', () => {
  const node = (id: number, functionName: string, url: string) => {
    return { id, callFrame: { functionName, url, lineNumber: 4 } }
  }
  const root = new URL('..', import.meta.url).href
  const { functions, parts } = costsOf({
    nodes: [
      node(1, '(idle)', ''),
      node(2, 'step', `${root}src/core/step.ts`),
      node(3, '', `${root}src/core/fold.ts`),
      node(4, '(garbage collector)', ''),
      node(5, 'decode', `${root}node_modules/kafkajs/src/decoder.js`),
    ],
    samples: [1, 2, 3, 2, 4, 5],
    timeDeltas: [900, 10, 30, 20, 25, 15],
  })
  expect(functions).toEqual([
    { name: 'step (src/core/step.ts)', share: 0.3 },
    { name: 'line 5 (src/core/fold.ts)', share: 0.3 },
    { name: '(garbage collector)', share: 0.25 },
    { name: 'decode (kafkajs/src/decoder.js)', share: 0.15 },
  ])
  expect(parts[0]).toEqual({ name: 'src/core', share: 0.6 })
})

function recordsOf(seed: number): StreamRecord[] {
  const stream = createStream({ records: RECORDS, merchants: MERCHANTS, seed })
  return [...stream.setUp(), ...stream.trade()]
}

function kindOf({ key, value, timestampMs }: StreamRecord): string {
  const bytes = { key: Buffer.from(key), value: Buffer.from(value) }
  const decoded = decode({ ...bytes, offset: 0, headers: [], timestampMs })
  if (decoded.kind === 'event') return decoded.event.type
  return decoded.kind === 'dead' ? decoded.reason.code : decoded.kind
}
