/** Lists of what was told, ascending by event time, in whatever order it arrives. */
import type { EpochMs } from './time.ts'

/** Enough for a fact told daily to be questioned a month later. */
const FACTS_MAX = 48

/** Inserts by time, after those of the same time. Of more than `max` the oldest is forgotten. */
export function insertByTime<Fact extends Readonly<{ atMs: EpochMs }>>(
  facts: Fact[],
  fact: Fact,
  max = FACTS_MAX,
): void {
  let place = facts.length
  while (place > 0 && facts[place - 1]!.atMs > fact.atMs) place--
  facts.splice(place, 0, fact)
  if (facts.length > max) facts.shift()
}
