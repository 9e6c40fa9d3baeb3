/** What the writers of a takeover test are to send, and the words they and the test exchange. */
import type { OutboxEntry, OutputTopic, ReadBackMark } from '../../src/core/ports.ts'

/** Numbers the lives of the one input partition, ascending: of two writers the later is the owner. */
export type Life = number

/** Sequences in [from, to). */
export type Stretch = Readonly<{ from: number; to: number }>

export type ToWriter = Readonly<
  | { kind: 'take'; life: Life; mark: ReadBackMark | undefined; pending: readonly Stretch[] }
  | { kind: 'add'; life: Life; stretch: Stretch }
  | { kind: 'end'; life: Life }
>

export type FromWriter = Readonly<
  | { kind: 'ready' }
  | { kind: 'acknowledged'; life: Life; sequences: readonly number[]; mark: string | undefined }
  /** Of what was to be sent, found in the output. */
  | { kind: 'present'; life: Life; count: number }
  | { kind: 'refused'; life: Life; why: string }
>

export type WriterOptions = Readonly<{
  brokers: readonly string[]
  groupId: string
  topics: Readonly<Record<OutputTopic, string>>
  /** Defects that the test must catch. */
  planted: 'nothing' | 'no fence' | 'no reading back'
}>

const ENCODER = new TextEncoder()
const STANDING_EACH = 10
const DEAD_EACH = 25
/** Of other keys than theirs: about what a warning takes. */
const FILLING = 'x'.repeat(400)

export function topicOf(sequence: number): OutputTopic {
  if (sequence % DEAD_EACH === 0) return 'deadLetters'
  return sequence % STANDING_EACH === 0 ? 'standing' : 'warnings'
}

/** The same entry in every process. Its header `ce_id` is its id, whatever the topic. */
export function entryOf(sequence: number): OutboxEntry {
  const topic = topicOf(sequence)
  const id = topic === 'deadLetters' ? `events-0-${sequence}` : `w${sequence}`
  const letter = { 'dlq.topic': 'events', 'dlq.partition': '0', 'dlq.offset': `${sequence}` }
  const headers = { ce_id: id, ...(topic === 'deadLetters' ? letter : {}) }
  return {
    ...{ sequence, topic, id },
    key: ENCODER.encode(`M${sequence % 97}`),
    value: ENCODER.encode(`{"n":${sequence},"text":"${FILLING}"}`),
    headers: Object.entries(headers).map(([name, text]) => [name, ENCODER.encode(text)]),
  }
}

export function entriesOf({ from, to }: Stretch): readonly OutboxEntry[] {
  return Array.from({ length: to - from }, (_, at) => entryOf(from + at))
}
