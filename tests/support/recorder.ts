/** A `LogListener` that remembers, and answers questions about what it has seen so far. */
import type { LogListener, RawRecord } from '../../src/core/ports.ts'

export type Seen = Readonly<{
  partition: number
  records: readonly RawRecord[]
  nextOffset: number
  unreadable?: Readonly<{ from: number; why: string }>
}>

export type Recorder = Readonly<{
  listener: LogListener
  assignments: readonly (readonly number[])[]
  batches: readonly Seen[]
  errors: readonly Error[]
  hasEnded: () => boolean
  /** Values delivered, as text, in order. */
  values: (partition: number) => string[]
  position: (partition: number) => number
  /** Resolves once the claim holds; asked again at each call of the listener. */
  until: (claim: () => boolean) => Promise<void>
}>

/** `onBatch` runs inside `batch`, which waits for it. */
export function createRecorder(
  onBatch: (seen: Seen) => Promise<void> | void = () => {},
  onAssigned: (partitions: readonly number[]) => void = () => {},
): Recorder {
  const assignments: (readonly number[])[] = []
  const batches: Seen[] = []
  const errors: Error[] = []
  let hasEnded = false
  let waiting: (readonly [claim: () => boolean, resolve: () => void])[] = []
  const changed = (): void => {
    const met = waiting.filter(([claim]) => claim())
    waiting = waiting.filter((wait) => !met.includes(wait))
    for (const [, resolve] of met) resolve()
  }
  const note = async (seen: Seen): Promise<void> => {
    batches.push(seen)
    changed()
    await onBatch(seen)
  }
  const of = (partition: number): Seen[] => batches.filter((seen) => seen.partition === partition)
  return {
    assignments,
    batches,
    errors,
    hasEnded: () => hasEnded,
    values: (partition) =>
      of(partition).flatMap((seen) =>
        seen.records.map((r) => Buffer.from(r.value ?? []).toString()),
      ),
    position: (partition) => of(partition).at(-1)?.nextOffset ?? 0,
    until: (claim) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push([claim, resolve])
      changed()
      return promise
    },
    listener: {
      assigned: (partitions) => {
        assignments.push([...partitions])
        onAssigned(partitions)
        changed()
      },
      batch: (partition, records, nextOffset) => {
        // The bytes are the adapter's: copied, as the engine does with what it keeps.
        const copies = records.map((record) => ({
          ...record,
          key: record.key && new Uint8Array(record.key),
          value: record.value && new Uint8Array(record.value),
        }))
        return note({ partition, records: copies, nextOffset })
      },
      unreadable: (partition, from, nextOffset, why) =>
        note({ partition, records: [], nextOffset, unreadable: { from, why } }),
      ended: () => {
        hasEnded = true
        changed()
      },
      onFatal: (error) => {
        errors.push(error)
        changed()
      },
    },
  }
}
