/** The CloudEvents SDK reads what we send, and we read what it sends, in both modes. */
import { CloudEvent, Kafka } from 'cloudevents'
import type { KafkaMessage } from 'cloudevents'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/events/decode.ts'
import { AUTHORISATION, ENVELOPE } from '../events/samples.ts'
import { committedGoldens } from './published.ts'
import type { Golden } from './golden-files.ts'

const sent = [...committedGoldens()].filter(([, it]) => it.topic.startsWith('account.'))
const withValue = sent.filter(([, { value }]) => value !== null)
const isStructured = (name: string) => name.startsWith('structured-')

/** As a client of Kafka hands it to the SDK. */
function received({ key, headers, value }: Golden): KafkaMessage {
  const bytes = Buffer.from(JSON.stringify(value))
  const isWhole = (headers['content-type'] ?? '').startsWith('application/cloudevents')
  return { key, headers, value: isWhole ? bytes.toString() : bytes, body: bytes }
}

function eventFrom(golden: Golden): CloudEvent<unknown> {
  const event = Kafka.toEvent(received(golden))
  if (Array.isArray(event)) throw new Error('a batch was read')
  return event as CloudEvent<unknown>
}

describe('the SDK reads what we send', () => {
  test.each(withValue.filter(([name]) => !isStructured(name)))('%s, binary', (_name, golden) => {
    const event = eventFrom(golden)
    expect(event.validate()).toBe(true)
    expect(event.data).toEqual(golden.value)
    const { ce_time: time, 'content-type': datacontenttype, ...others } = golden.headers
    const named = Object.entries(others).map(([name, text]) => [name.replace(/^ce_/, ''), text])
    expect(event).toMatchObject({ ...Object.fromEntries(named), datacontenttype })
    if (time !== undefined) expect(Date.parse(event.time ?? '')).toBe(Date.parse(time))
    expect(event['partitionkey']).toBe(golden.key)
  })

  test.each(withValue.filter(([name]) => isStructured(name)))('%s, structured', (_name, golden) => {
    const event = eventFrom(golden)
    expect(event.validate()).toBe(true)
    const { time, ...others } = golden.value as Record<string, unknown>
    expect(event).toMatchObject(others)
    expect(Date.parse(event.time ?? '')).toBe(Date.parse(String(time)))
  })

  test('and takes a tombstone for no event', () => {
    const gone = sent.filter(([, { value }]) => value === null)
    expect(gone).toHaveLength(1)
    for (const [, golden] of gone) {
      expect(() => eventFrom(golden)).toThrow('No CloudEvent detected')
    }
  })
})

describe('we read what the SDK sends', () => {
  const { data: _, ...attributes } = ENVELOPE
  const event = new CloudEvent({
    ...(attributes as { id: string; source: string; type: string }),
    datacontenttype: 'application/json',
    partitionkey: String(ENVELOPE['subject']),
    data: AUTHORISATION,
  })

  test.each([
    ['binary', Kafka.binary(event)],
    ['structured', Kafka.structured(event)],
  ])('%s', (_mode, { key, headers, value }) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const decoded = decode({
      offset: 0,
      key: Buffer.from(String(key)),
      value: Buffer.from(text),
      headers: Object.entries(headers as Record<string, unknown>)
        .filter(([, it]) => it !== undefined)
        .map(([name, it]) => [name, Buffer.from(String(it))]),
      timestampMs: 0,
    })
    expect(decoded).toMatchObject({
      kind: 'event',
      event: {
        id: ENVELOPE['id'],
        source: ENVELOPE['source'],
        type: 'card.authorisation',
        merchantId: ENVELOPE['subject'],
        tenant: ENVELOPE['tenantid'],
        timeMs: Date.parse(String(ENVELOPE['time'])),
        data: AUTHORISATION,
      },
    })
  })
})
