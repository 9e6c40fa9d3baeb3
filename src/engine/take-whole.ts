/** Takes a partition; one of which keys are gone is emptied first, so that its log is folded anew. */
import type { LogReader } from '../core/ports.ts'
import type { EngineDeps } from './dependencies.ts'
import type { Rest } from './pace.ts'
import { takePartition } from './take-partition.ts'
import type { NotTaken, TakeDeps, Taken } from './take-partition.ts'

/** Raises `Unavailable`: what was emptied stays so, and is a first start for whoever asks again. */
export async function takeWhole(
  deps: TakeDeps & Pick<EngineDeps, 'observer'>,
  partition: number,
  reader: Pick<LogReader, 'bounds'>,
  rest: Rest,
): Promise<Taken | NotTaken> {
  for (;;) {
    const taken = await takePartition(deps, partition, reader, rest)
    if (taken.kind !== 'incomplete') return taken
    // Refused: another life was faster, or wrote what was missing.
    const isEmptied = await deps.store.clear(partition, taken.cursor)
    if (isEmptied) deps.observer.emptied({ partition, why: taken.why })
  }
}
