/** What the relay relies on in any `WarningLog`. */
import { describe, expect, onTestFinished, test } from 'vitest'
import type { OutboxEntry, OutputTopic, WarningLog } from '../../src/core/ports.ts'
import { Unavailable } from '../../src/core/ports.ts'

export type Written = Readonly<{
  key: string
  value: string | undefined
  headers: readonly (readonly [name: string, value: string])[]
}>

export type WarningLogUnderTest = Readonly<{
  /** Each call as another process would have it: the outputs are the same. */
  log: () => WarningLog
  /** What a reader of committed records sees, in order. */
  written: (topic: OutputTopic) => Promise<readonly Written[]>
}>

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

export const warning = (sequence: number, more: Partial<OutboxEntry> = {}): OutboxEntry => ({
  sequence,
  topic: 'warnings',
  id: `w${sequence}`,
  key: bytes('M1'),
  value: bytes(`{"n":${sequence}}`),
  headers: [
    ['ce_id', bytes(`w${sequence}`)],
    ['ce_type', bytes('forewarn.warning.opened.v1')],
  ],
  ...more,
})

export const deadLetter = (sequence: number, offset: number): OutboxEntry =>
  warning(sequence, {
    topic: 'deadLetters',
    id: `terminal.events-0-${offset}`,
    value: undefined,
    headers: [
      ['dlq.topic', bytes('terminal.events')],
      ['dlq.partition', bytes('0')],
      ['dlq.offset', bytes(String(offset))],
    ],
  })

const standing = (sequence: number, value: Uint8Array | undefined): OutboxEntry =>
  warning(sequence, { topic: 'standing', id: `s${sequence}`, value, headers: [] })

export function warningLogContract(name: string, create: () => Promise<WarningLogUnderTest>): void {
  const setUp = async () => {
    const outputs = await create()
    const log = (): WarningLog => {
      const made = outputs.log()
      onTestFinished(() => made.close())
      return made
    }
    const values = async (topic: OutputTopic = 'warnings') =>
      (await outputs.written(topic)).map((record) => record.value)
    return { log, values, written: outputs.written }
  }

  describe(`WarningLog: ${name}`, () => {
    test('what is appended is there, whole and in order, in its topic', async () => {
      const { log, written, values } = await setUp()
      const output = await log().open(0, undefined)
      expect([...output.present]).toEqual([])
      await output.append([warning(1), standing(2, bytes('{"s":2}')), warning(3)])
      await output.append([deadLetter(4, 77), standing(5, undefined), warning(6)])
      expect(await values()).toEqual(['{"n":1}', '{"n":3}', '{"n":6}'])
      expect(await values('standing')).toEqual(['{"s":2}', undefined])
      expect((await written('warnings'))[0]).toEqual({
        key: 'M1',
        value: '{"n":1}',
        headers: [
          ['ce_id', 'w1'],
          ['ce_type', 'forewarn.warning.opened.v1'],
        ],
      })
      expect((await written('deadLetters'))[0]?.headers).toContainEqual(['dlq.offset', '77'])
    })

    test('opened again, it tells what is there from the mark on', async () => {
      const { log } = await setUp()
      const first = await log().open(0, undefined)
      await first.append([warning(1), warning(2), deadLetter(3, 5), standing(4, bytes('{}'))])
      const second = await log().open(0, first.mark)
      expect([...second.present].toSorted()).toEqual(['terminal.events-0-5', 'w1', 'w2'])
      const third = await log().open(0, second.mark)
      expect([...third.present]).toEqual([])
    })

    test('the mark of the moment leaves out what was appended before it', async () => {
      const { log } = await setUp()
      const first = await log().open(0, undefined)
      await first.append([warning(1), deadLetter(2, 5)])
      const mark = first.markNow()
      await first.append([warning(3)])
      await first.append([deadLetter(4, 6)])
      const second = await log().open(0, mark)
      expect([...second.present].toSorted()).toEqual(['terminal.events-0-6', 'w3'])
      const none = await log().open(0, second.markNow())
      expect([...none.present]).toEqual([])
    })

    test('without a mark it tells everything', async () => {
      const { log } = await setUp()
      const output = await log().open(0, undefined)
      const all = Array.from({ length: 1_200 }, (_, n) => warning(n))
      await output.append(all)
      const again = await log().open(0, undefined)
      expect(again.present.size).toBe(1_200)
    })

    test('an older writer is refused from the moment a newer one has opened', async () => {
      const { log, values } = await setUp()
      const older = await log().open(0, undefined)
      await older.append([warning(1)])
      const newer = await log().open(0, older.mark)
      await expect(older.append([warning(2)])).rejects.toThrow(Unavailable)
      await newer.append([warning(3)])
      await expect(older.append([warning(4)])).rejects.toThrow(Unavailable)
      expect(await values()).toEqual(['{"n":1}', '{"n":3}'])
    })

    test('an append that meets a newer writer is there whole, and then told, or not at all', async () => {
      const { log, values } = await setUp()
      const older = await log().open(0, undefined)
      const [sent, newer] = await Promise.allSettled([
        older.append([warning(1), warning(2)]),
        log().open(0, undefined),
      ])
      if (newer.status === 'rejected') throw newer.reason
      const present = [...newer.value.present].toSorted()
      expect([[], ['w1', 'w2']]).toContainEqual(present)
      if (sent.status === 'fulfilled') expect(present).toEqual(['w1', 'w2'])
      await newer.value.append([warning(3)])
      const before = present.length === 0 ? [] : ['{"n":1}', '{"n":2}']
      expect(await values()).toEqual([...before, '{"n":3}'])
    })

    test('writers of other input partitions are left alone', async () => {
      const { log, values } = await setUp()
      const zero = await log().open(0, undefined)
      const one = await log().open(1, undefined)
      await zero.append([warning(1)])
      await one.append([warning(2)])
      expect((await values()).toSorted()).toEqual(['{"n":1}', '{"n":2}'])
    })

    test('appends that are not awaited keep their order', async () => {
      const { log, values } = await setUp()
      const output = await log().open(0, undefined)
      const numbers = Array.from({ length: 20 }, (_, n) => n)
      await Promise.all(numbers.map((n) => output.append([warning(n)])))
      expect(await values()).toEqual(numbers.map((n) => `{"n":${n}}`))
    })

    test('an empty append is nothing', async () => {
      const { log, values } = await setUp()
      const output = await log().open(0, undefined)
      await output.append([])
      expect(await values()).toEqual([])
    })
  })
}
