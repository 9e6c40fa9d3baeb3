/** Whether the log that is read is the one that was folded, and whether it is whole. */
import type { LogReader, RawRecord } from '../core/ports.ts'
import type { EngineDeps } from './dependencies.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { Fingerprint } from './fingerprint.ts'
import { stopAt } from './take-partition.ts'
import type { NotTaken } from './take-partition.ts'

/** Of the record at `expected.offset`; undefined: it is the one, or is not there any more. */
export function madeAnew(
  deps: Pick<EngineDeps, 'clock'>,
  partition: number,
  { offset, hash }: Fingerprint,
  found: RawRecord | undefined,
): NotTaken | undefined {
  if (found === undefined || fingerprintOf(found).hash === hash) return undefined
  const range = [offset, offset + 1] as const
  return stopAt(deps, partition)(
    'recreated',
    range,
    'Another record stands where the last folded one was.',
  )
}

export type LogCheck = Readonly<{
  /** To be asked of every batch before it is folded. Raises `Unavailable`. */
  wrongIn: (
    records: readonly RawRecord[],
    nextOffset: number,
    position: number,
  ) => Promise<NotTaken | undefined>
  /** The record folded last has not been seen again yet: nothing is proven. */
  isPending: () => boolean
  /** Where reading must go on. */
  resumeOffset: (position: number) => number
}>

/** `expected` is to be found again; undefined: there is nothing to compare with. */
export function createLogCheck(
  deps: EngineDeps,
  partition: number,
  reader: LogReader,
  expected: Fingerprint | undefined,
): LogCheck {
  const { clock, options } = deps
  const startedMs = clock.monotonicMs()
  const stop = stopAt(deps, partition)
  let pending = expected

  function recreated(records: readonly RawRecord[], nextOffset: number): NotTaken | undefined {
    if (pending === undefined || nextOffset <= pending.offset) return undefined
    const { offset } = pending
    const found = records.find((record) => record.offset === offset)
    const wrong = madeAnew(deps, partition, pending, found)
    // Found, or compacted away: then nothing speaks against it.
    if (wrong === undefined) pending = undefined
    return wrong
  }

  /** Offsets may be missing in a sound log: compacted, or a transaction's markers. */
  async function gap(
    first: RawRecord | undefined,
    position: number,
  ): Promise<NotTaken | undefined> {
    if (first === undefined || first.offset <= position) return undefined
    const { earliest } = await reader.bounds(partition)
    if (earliest <= position) return undefined
    return stop('retention-gap', [position, earliest], 'The log dropped records never folded.')
  }

  return {
    wrongIn: async (records, nextOffset, position) =>
      recreated(records, nextOffset) ?? (await gap(records[0], position)),
    // In whose place nothing comes for so long was compacted away, or comes late: then it is still compared.
    isPending: () =>
      pending !== undefined && clock.monotonicMs() - startedMs < options.truncatedForMs,
    resumeOffset: (position) => pending?.offset ?? position,
  }
}
